/* The C peer of the webhook suite: libfcgi, OpenSSL, cJSON; verifies Stripe's signature and reads the event.
   usage: BENCH_SECRET=... verify SOCKET PROCESSES */
#include <cjson/cJSON.h>
#include <fcgiapp.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LONGEST (1 << 20)

static char buffer[LONGEST + 64];

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The body stands in the buffer behind room for "time."; length is the body's. */
static int genuine(const char *header, char *body, size_t length, const char *secret)
{
    const char *t = strstr(header, "t="), *v = strstr(header, "v1=");
    if (!t || !v || strlen(v) < 3 + 64)
        return 0;
    t += 2;
    v += 3;
    size_t digits = strspn(t, "0123456789");
    if (digits == 0 || digits > 12 || llabs(atoll(t) - (long long) time(NULL)) > 300)
        return 0;
    char *signed_text = body - digits - 1;
    memcpy(signed_text, t, digits);
    signed_text[digits] = '.';
    unsigned char expected[EVP_MAX_MD_SIZE], sent[32];
    unsigned int size = 0;
    HMAC(EVP_sha256(), secret, (int) strlen(secret), (unsigned char *) signed_text, length + digits + 1, expected, &size);
    for (int i = 0; i < 32; i++) {
        int high = hex(v[2 * i]), low = hex(v[2 * i + 1]);
        if (high < 0 || low < 0)
            return 0;
        sent[i] = (unsigned char) (high << 4 | low);
    }
    return CRYPTO_memcmp(expected, sent, 32) == 0;
}

static int is_event(const char *body, size_t length)
{
    cJSON *event = cJSON_ParseWithLength(body, length);
    int is = cJSON_IsString(cJSON_GetObjectItemCaseSensitive(event, "id"))
             && cJSON_IsString(cJSON_GetObjectItemCaseSensitive(event, "type"));
    cJSON_Delete(event);
    return is;
}

static void serve(int socket, const char *secret)
{
    FCGX_Request request;
    FCGX_InitRequest(&request, socket, 0);
    char *body = buffer + 32;
    while (FCGX_Accept_r(&request) == 0) {
        const char *header = FCGX_GetParam("HTTP_STRIPE_SIGNATURE", request.envp);
        int length = FCGX_GetStr(body, LONGEST, request.in);
        if (header && genuine(header, body, (size_t) length, secret) && is_event(body, (size_t) length))
            FCGX_PutS("Content-Type: application/json\r\n\r\n{\"ok\":true}\n", request.out);
        else
            FCGX_PutS("Status: 400 Bad Request\r\n\r\n", request.out);
        FCGX_Finish_r(&request);
    }
}

int main(int argc, char **argv)
{
    const char *secret = getenv("BENCH_SECRET");
    if (argc != 3 || !secret) {
        fprintf(stderr, "usage: BENCH_SECRET=... %s SOCKET PROCESSES\n", argv[0]);
        return 2;
    }
    FCGX_Init();
    int socket = FCGX_OpenSocket(argv[1], 1024);
    if (socket < 0) {
        perror(argv[1]);
        return 1;
    }
    for (int i = atoi(argv[2]); i > 0; i--) {
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            serve(socket, secret);
            return 0;
        }
    }
    while (wait(NULL) > 0)
        ;
    return 0;
}
