/* What nettle does in a second on this machine: Streebog-512, whose other fast implementation it has.
 *
 * usage: nettle SECONDS
 * prints: streebog512 MEGABYTES_PER_SECOND */
#define _POSIX_C_SOURCE 200809L
#include <nettle/streebog.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    double seconds = atof(argv[1]), begin, passed;
    size_t size = 1 << 20;
    unsigned char *block = calloc(1, size), out[STREEBOG512_DIGEST_SIZE];
    if (block == NULL) return 1;
    struct streebog512_ctx context;
    unsigned long count = 0;
    begin = now();
    do {
        streebog512_init(&context);
        streebog512_update(&context, size, block);
        streebog512_digest(&context, sizeof out, out);
        count++;
        passed = now() - begin;
    } while (passed < seconds);
    printf("streebog512 %.1f\n", (double)count * (double)size / 1e6 / passed);
    return 0;
}
