// Everything works without this. It shows times in the viewer's zone, lets charts go on and lists grow, and asks before
// what cannot be undone.
"use strict";

const localTime = new Intl.DateTimeFormat(undefined, {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
});

function showLocalTimes(root) {
    for (const element of root.querySelectorAll("time[datetime]:not([title])")) {
        element.title = element.textContent.trim();
        element.textContent = localTime.format(new Date(element.dateTime));
    }
}

function formatted(value) {
    const digits = Number.isInteger(value) || value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

class Chart {
    constructor(element) {
        this.key = element.dataset.key;
        this.values = element.dataset.values ? element.dataset.values.split(",").map(Number) : [];
        this.line = element.querySelector("polyline");
        this.text = element.querySelector(".value");
    }

    add(value) {
        this.values.push(value);
        if (this.values.length > 150) {
            this.values.shift();
        }
        const most = Math.max(1e-9, ...this.values);
        const first = 150 - this.values.length;
        this.line.setAttribute("points", this.values.map((each, i) =>
            `${((first + i) * 240 / 149).toFixed(1)},${(46 - each / most * 44).toFixed(1)}`).join(" "));
        this.text.textContent = formatted(value);
    }
}

function figure(moment, key) {
    switch (key) {
        case "heapMega": return Math.floor(moment.heapUsed / 1048576);
        case "cpuPercent": return moment.cpu * 100;
        case "running": return moment.engine ? moment.engine.running : 0;
        case "connections": return moment.engine ? moment.engine.connections : 0;
        default: return moment[key];
    }
}

async function refreshList(list) {
    if (list.querySelector("input:checked")) {
        return; // not under the hand of someone who is choosing
    }
    const answer = await fetch(list.dataset.self, { headers: { Accept: "text/html" } });
    if (!answer.ok) {
        return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-list]");
    if (fresh && !list.querySelector("input:checked")) {
        list.replaceChildren(...fresh.childNodes);
        showLocalTimes(list);
    }
}

function follow() {
    const charts = [...document.querySelectorAll("[data-key]")].map(element => new Chart(element));
    const list = document.querySelector("[data-list]");
    const lamp = document.querySelector(".live");
    if (!lamp) {
        return;
    }
    const say = (on, text) => {
        lamp.classList.toggle("on", on);
        lamp.textContent = text;
    };
    const source = new EventSource(lamp.dataset.stream);
    let waiting = -1;
    source.addEventListener("open", () => say(true, "live"));
    source.addEventListener("error", () => say(false, "connecting"));
    source.addEventListener("moment", event => {
        const moment = JSON.parse(event.data);
        charts.forEach(chart => chart.add(figure(moment, chart.key)));
        const now = moment.waiting + moment.retrying + moment.dead;
        if (list && (moment.stored + moment.handled + moment.failed > 0 || now !== waiting)) {
            refreshList(list).catch(() => say(false, "connecting"));
        }
        waiting = now;
    });
    window.addEventListener("pagehide", () => source.close());
}

function chooseAll() {
    document.addEventListener("change", event => {
        if (event.target.matches("[data-all]")) {
            for (const box of document.querySelectorAll("input[name=id]")) {
                box.checked = event.target.checked;
            }
        }
    });
}

function askFirst() {
    document.addEventListener("submit", event => {
        const question = event.submitter && event.submitter.dataset.ask;
        if (question && !window.confirm(question)) {
            event.preventDefault();
        }
    });
}

showLocalTimes(document);
chooseAll();
askFirst();
follow();
