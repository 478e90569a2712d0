/* The server behind dnsperf: each query comes back as its own answer. Nothing slower would do, since it must not be what is measured.
   cc -O2 -o dns-echo dns-echo.c && ./dns-echo PORT */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { FLAGS = 2, IS_ANSWER = 0x80 }; /* RFC 1035 4.1.1, QR */

int main(int count, char **arguments) {
    unsigned char datagram[65536];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int server = socket(AF_INET, SOCK_DGRAM, 0);
    if (count != 2) return 2;
    address.sin_port = htons(atoi(arguments[1]));
    if (bind(server, (struct sockaddr *)&address, sizeof address) != 0) return perror("bind"), 1;
    for (;;) {
        socklen_t length = sizeof address;
        ssize_t bytes = recvfrom(server, datagram, sizeof datagram, 0, (struct sockaddr *)&address, &length);
        if (bytes <= FLAGS) continue;
        datagram[FLAGS] |= IS_ANSWER;
        sendto(server, datagram, bytes, 0, (struct sockaddr *)&address, length);
    }
}
