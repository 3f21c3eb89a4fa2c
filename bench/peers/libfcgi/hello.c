/* The C peer: libfcgi, N processes forked before the first request, all accepting on one socket.
   usage: hello SOCKET PROCESSES */
#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void serve(int socket)
{
    FCGX_Request request;
    FCGX_InitRequest(&request, socket, 0);
    while (FCGX_Accept_r(&request) == 0) {
        FCGX_PutS("Content-Type: text/plain\r\n\r\nHello, world!\n", request.out);
        FCGX_Finish_r(&request);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: %s SOCKET PROCESSES\n", argv[0]);
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
            serve(socket);
            return 0;
        }
    }
    while (wait(NULL) > 0)
        ;
    return 0;
}
