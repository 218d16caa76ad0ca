/* What OpenSSL and its GOST engine do in a second on this machine: signatures of GOST R 34.10-2012 with 512 and 256 bits
 * and of GOST R 34.10-2001, on the very curves of the NCA's keys, of RSA with 2048 bits, and the hashes of GOST. In one
 * process, so that starting a program is not measured. The engine's interface is deprecated in OpenSSL 3 and is the only
 * one that the engine has.
 *
 * usage: engine SECONDS
 * prints: NAME-sign PER_SECOND / NAME-verify PER_SECOND / HASH MEGABYTES_PER_SECOND, one a line */
#define OPENSSL_SUPPRESS_DEPRECATED
#define _POSIX_C_SOURCE 200809L
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds;

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

/* Signing and verifying over a digest of so many octets. `prepare` is called on each context, where there is one. */
static void measure(const char *name, EVP_PKEY *key, ENGINE *engine, size_t octets, void (*prepare)(EVP_PKEY_CTX *)) {
    unsigned char digest[64], signature[512];
    memset(digest, 0x5a, sizeof digest);
    size_t length = sizeof signature;
    EVP_PKEY_CTX *signer = EVP_PKEY_CTX_new(key, engine);
    must(signer != NULL && EVP_PKEY_sign_init(signer) > 0, "EVP_PKEY_sign_init");
    if (prepare != NULL) prepare(signer);
    unsigned long count = 0;
    double begin = now(), passed;
    do {
        length = sizeof signature;
        digest[0] = (unsigned char)count;
        must(EVP_PKEY_sign(signer, signature, &length, digest, octets) > 0, "EVP_PKEY_sign");
        count++;
        passed = now() - begin;
    } while (passed < seconds);
    printf("%s-sign %.1f\n", name, (double)count / passed);

    EVP_PKEY_CTX *verifier = EVP_PKEY_CTX_new(key, engine);
    must(verifier != NULL && EVP_PKEY_verify_init(verifier) > 0, "EVP_PKEY_verify_init");
    if (prepare != NULL) prepare(verifier);
    count = 0;
    begin = now();
    do {
        must(EVP_PKEY_verify(verifier, signature, length, digest, octets) == 1, "EVP_PKEY_verify");
        count++;
        passed = now() - begin;
    } while (passed < seconds);
    printf("%s-verify %.1f\n", name, (double)count / passed);
}

static void gost(const char *name, ENGINE *engine, int algorithm, const char *parameters, size_t octets) {
    EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_id(algorithm, engine);
    EVP_PKEY *key = NULL;
    must(maker != NULL && EVP_PKEY_keygen_init(maker) > 0, "EVP_PKEY_keygen_init");
    must(EVP_PKEY_CTX_ctrl_str(maker, "paramset", parameters) > 0, "paramset");
    must(EVP_PKEY_keygen(maker, &key) > 0, "EVP_PKEY_keygen");
    measure(name, key, engine, octets, NULL);
}

static void pkcs1_sha256(EVP_PKEY_CTX *context) {
    must(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0, "padding");
    must(EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) > 0, "SHA-256");
}

static void hash(const char *name, ENGINE *engine, int algorithm) {
    const EVP_MD *digest = ENGINE_get_digest(engine, algorithm);
    must(digest != NULL, name);
    size_t size = 1 << 20;
    unsigned char *block = calloc(1, size), out[EVP_MAX_MD_SIZE];
    must(block != NULL, "memory");
    unsigned int length;
    unsigned long count = 0;
    double begin = now(), passed;
    do {
        must(EVP_Digest(block, size, out, &length, digest, engine), "EVP_Digest");
        count++;
        passed = now() - begin;
    } while (passed < seconds);
    printf("%s %.1f\n", name, (double)count * (double)size / 1e6 / passed);
    free(block);
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    seconds = atof(argv[1]);
    EVP_PKEY *rsa = EVP_RSA_gen(2048);
    must(rsa != NULL, "EVP_RSA_gen");
    measure("rsa2048", rsa, NULL, 32, pkcs1_sha256);

    ENGINE *engine = ENGINE_by_id("gost");
    must(engine != NULL && ENGINE_init(engine), "loading the engine");
    ENGINE_set_default(engine, ENGINE_METHOD_ALL);
    gost("gost512", engine, NID_id_GostR3410_2012_512, "A", 64);
    gost("gost256", engine, NID_id_GostR3410_2012_256, "TCA", 32);
    gost("gost2004", engine, NID_id_GostR3410_2001, "A", 32);
    hash("streebog512", engine, NID_id_GostR3411_2012_512);
    /* With CryptoPro's S-box, as fast as with another. */
    hash("gost34311", engine, NID_id_GostR3411_94);
    return 0;
}
