// The Go peer: net/http/fcgi or net/http on a unix socket. usage: hello fastcgi|http SOCKET
package main

import (
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/fcgi"
	"os"
	"strings"
)

type line struct {
	Article  string `json:"article"`
	Quantity int    `json:"quantity"`
	Cents    int64  `json:"cents"`
}

type newOrder struct {
	Customer string `json:"customer"`
	Email    string `json:"email"`
	Currency string `json:"currency"`
	Lines    []line `json:"lines"`
	Note     string `json:"note"`
}

type sum struct {
	Customer string `json:"customer"`
	Currency string `json:"currency"`
	Articles int    `json:"articles"`
	Cents    int64  `json:"cents"`
}

func (order newOrder) good() bool {
	for _, line := range order.Lines {
		if strings.TrimSpace(line.Article) == "" || line.Quantity < 1 || line.Quantity > 1000 || line.Cents < 0 {
			return false
		}
	}
	return strings.TrimSpace(order.Customer) != "" && len(order.Customer) <= 100 &&
		strings.IndexByte(order.Email, '@') > 0 && len(order.Currency) == 3 &&
		len(order.Lines) >= 1 && len(order.Lines) <= 50 && len(order.Note) <= 500
}

func orders(w http.ResponseWriter, request *http.Request) {
	var order newOrder
	body := json.NewDecoder(io.LimitReader(request.Body, 1<<20))
	body.DisallowUnknownFields()
	if body.Decode(&order) != nil || !order.good() {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	}
	answer := sum{order.Customer, order.Currency, len(order.Lines), 0}
	for _, line := range order.Lines {
		answer.Cents += int64(line.Quantity) * line.Cents
	}
	text, _ := json.Marshal(answer)
	w.Header().Set("Content-Type", "application/json")
	w.Write(text)
}

func main() {
	listener, err := net.Listen("unix", os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	routes := http.NewServeMux()
	routes.HandleFunc("/hello", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "Hello, world!\n")
	})
	routes.HandleFunc("/json", orders)
	if os.Args[1] == "http" {
		log.Fatal(http.Serve(listener, routes))
	}
	log.Fatal(fcgi.Serve(listener, routes))
}
