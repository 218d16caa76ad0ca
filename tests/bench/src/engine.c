/* What OpenSSL's GOST engine does in a second on this machine: GOST R 34.10-2012, 512 bits, parameter set A (the very
 * curve of the NCA's 512-bit keys), and Streebog-512. In one process, so that starting a program is not measured.
 * The engine's interface is deprecated in OpenSSL 3 and is the only one that the engine has.
 *
 * usage: engine SECONDS [SHARED_OBJECT]
 * prints: sign PER_SECOND / verify PER_SECOND / streebog512 MEGABYTES_PER_SECOND, one a line */
#define OPENSSL_SUPPRESS_DEPRECATED
#define _POSIX_C_SOURCE 200809L
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(int ok, const char *what) {
    if (ok) return;
    fprintf(stderr, "%s failed\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    double seconds = atof(argv[1]);
    ENGINE *engine = ENGINE_by_id("gost");
    must(engine != NULL && ENGINE_init(engine), "loading the engine");
    ENGINE_set_default(engine, ENGINE_METHOD_ALL);

    EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_id(NID_id_GostR3410_2012_512, engine);
    EVP_PKEY *key = NULL;
    must(maker != NULL && EVP_PKEY_keygen_init(maker) > 0, "EVP_PKEY_keygen_init");
    must(EVP_PKEY_CTX_ctrl_str(maker, "paramset", "A") > 0, "paramset A");
    must(EVP_PKEY_keygen(maker, &key) > 0, "EVP_PKEY_keygen");

    unsigned char digest[64], signature[256];
    memset(digest, 0x5a, sizeof digest);
    size_t length = sizeof signature;
    EVP_PKEY_CTX *signer = EVP_PKEY_CTX_new(key, engine);
    must(signer != NULL && EVP_PKEY_sign_init(signer) > 0, "EVP_PKEY_sign_init");
    unsigned long count = 0;
    double begin = now(), passed;
    do {
        length = sizeof signature;
        digest[0] = (unsigned char)count;
        must(EVP_PKEY_sign(signer, signature, &length, digest, sizeof digest) > 0, "EVP_PKEY_sign");
        count++;
        passed = now() - begin;
    } while (passed < seconds);
    printf("sign %.1f\n", (double)count / passed);

    EVP_PKEY_CTX *verifier = EVP_PKEY_CTX_new(key, engine);
    must(verifier != NULL && EVP_PKEY_verify_init(verifier) > 0, "EVP_PKEY_verify_init");
    count = 0;
    begin = now();
    do {
        must(EVP_PKEY_verify(verifier, signature, length, digest, sizeof digest) == 1, "EVP_PKEY_verify");
        count++;
        passed = now() - begin;
    } while (passed < seconds);
    printf("verify %.1f\n", (double)count / passed);

    const EVP_MD *streebog = ENGINE_get_digest(engine, NID_id_GostR3411_2012_512);
    must(streebog != NULL, "Streebog-512");
    size_t size = 1 << 20;
    unsigned char *block = calloc(1, size), out[EVP_MAX_MD_SIZE];
    must(block != NULL, "memory");
    unsigned int out_length;
    count = 0;
    begin = now();
    do {
        must(EVP_Digest(block, size, out, &out_length, streebog, engine), "EVP_Digest");
        count++;
        passed = now() - begin;
    } while (passed < seconds);
    printf("streebog512 %.1f\n", (double)count * (double)size / 1e6 / passed);
    return 0;
}
