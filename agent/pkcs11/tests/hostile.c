/* A small PKCS#11 library with one slot, one token and one object, and one vice, which is chosen when it is compiled.
 * Written for tests from the standard's text; it holds nothing and signs nothing. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long num;
typedef unsigned char octet;

struct version { octet major, minor; };
struct info { struct version cryptoki; octet manufacturer[32]; num flags; octet description[32]; struct version library; };
struct slot_info { octet description[64], manufacturer[32]; num flags; struct version hardware, firmware; };
struct token_info {
    octet label[32], manufacturer[32], model[16], serial[16];
    num flags, numbers[10];
    struct version hardware, firmware;
    octet time[16];
};
struct session_info { num slot, state, flags, error; };
struct attribute { num type; void *value; num length; };

enum { OK = 0, FUNCTION_FAILED = 6, ARGUMENTS_BAD = 7, TYPE_INVALID = 0x12, NOT_SUPPORTED = 0x54, TOO_SMALL = 0x150 };

static void pad(octet *field, size_t length, const char *text) {
    memset(field, ' ', length);
    memcpy(field, text, strlen(text));
}

static void speak(void) {
#ifdef PRINTS
    printf("debug: a library that talks\n");
    fflush(stdout);
    if (write(1, "debug\n", 6) < 0) return;
#endif
}

#ifdef PRINTS
__attribute__((constructor)) static void at_start(void) { speak(); }
#endif
#ifdef HANGS_AT_END
__attribute__((destructor)) static void at_end(void) { sleep(60); }
#endif

/* How much memory it got, in pieces of 16 MiB. */
static octet eaten;

static num initialize(void *arguments) {
    speak();
#ifdef EATS
    while (eaten < 255 && malloc(1 << 24)) eaten++;
#endif
#ifdef NO_ARGUMENTS
    return arguments ? ARGUMENTS_BAD : OK;
#elif defined(REFUSES)
    return FUNCTION_FAILED;
#else
    return OK;
#endif
}

static num get_info(struct info *info) {
    memset(info, 0, sizeof *info);
    info->library.major = eaten;
    info->flags = 77; /* must be zero by the standard */
    pad(info->manufacturer, 32, "Hostile");
    return OK;
}

static num get_slots(octet present, num *slots, num *count) {
    speak();
#ifdef LIES
    *count = slots ? 1ul << 60 : 1;
#else
    if (slots && *count >= 1) slots[0] = 1;
    *count = 1;
#endif
    return OK;
}

static num get_slot_info(num slot, struct slot_info *info) {
    memset(info, 0, sizeof *info);
    pad(info->description, 64, "Reader");
    info->flags = 1;
    return OK;
}

static num sessions;

static num get_token_info(num slot, struct token_info *info) {
    memset(info, 0, sizeof *info);
#ifdef CHANGES
    /* Another token is in the slot once the second session is open. */
    pad(info->label, 32, sessions > 1 ? "Other" : "Label");
#else
    pad(info->label, 32, "Label");
#endif
    pad(info->manufacturer, 32, "Hostile");
    pad(info->model, 16, "Model");
    pad(info->serial, 16, "1");
    info->flags = 0x8 | 0x40; /* a PIN, and a clock that shows no time */
    return OK;
}

static num get_mechanisms(num slot, num *mechanisms, num *count) {
    if (mechanisms && *count >= 1) mechanisms[0] = 0xD4321006;
    *count = 1;
    return OK;
}

static num open_session(num slot, num flags, void *application, void *notify, num *session) {
    *session = ++sessions;
    return OK;
}

static num one(num session) { return OK; }

static num session_info(num session, struct session_info *info) {
    memset(info, 0, sizeof *info);
    info->slot = 1;
    return OK;
}

static num login(num session, num user, octet *pin, num length) {
#if defined(COUNTS_LOGINS) || defined(CHANGES)
    static num logins;
    return 0x80000000 + ++logins;
#else
    return OK;
#endif
}

static int found;

static num find_begin(num session, struct attribute *template, num count) {
    found = 0;
    return OK;
}

static num find(num session, num *objects, num room, num *count) {
#ifdef ENDLESS
    for (num at = 0; at < room; at++) objects[at] = ++found;
    *count = room;
#else
    objects[0] = 1;
    *count = found++ ? 0 : 1;
#endif
#ifdef LIES
    *count = 1ul << 60;
#endif
    return OK;
}

static num get_attribute(num session, num object, struct attribute *attribute, num count) {
    if (attribute->type == 0x102) { /* CKA_ID: the object's number */
        if (attribute->length < sizeof object) return TOO_SMALL;
        memcpy(attribute->value, &object, sizeof object);
        attribute->length = sizeof object;
        return OK;
    }
    if (attribute->type == 0x11) { /* CKA_VALUE */
        if (attribute->length < 5) return TOO_SMALL;
        memcpy(attribute->value, "value", 5);
        attribute->length = 5;
        return OK;
    }
    attribute->length = ~0ul;
    return TYPE_INVALID;
}

static num sign_begin(num session, void *mechanism, num key) { return OK; }

static num sign(num session, octet *data, num length, octet *signature, num *got) {
#ifdef HANGS
    sleep(60);
#endif
#ifdef LIES
    *got = 1ul << 40;
    return OK;
#else
    return FUNCTION_FAILED;
#endif
}

static num wait_for_event(num flags, num *slot, void *reserved) {
#ifdef EVENTS
    *slot = 1;
    return OK;
#else
    return NOT_SUPPORTED;
#endif
}

static num get_list(void **list);

static num get_list(void **list) {
    /* The functions in the standard's order, behind the version; what is missing is NULL. */
#ifdef ANCIENT
    static struct { struct version version; void *functions[68]; } all = { { 1, 0 }, { 0 } };
#else
    static struct { struct version version; void *functions[68]; } all = { { 2, 40 }, { 0 } };
#endif
#ifdef NO_LIST
    *list = 0;
    return OK;
#endif
    void **f = all.functions;
#ifndef NO_INITIALIZE
    f[0] = (void *)initialize;
#endif
    f[2] = (void *)get_info;
    f[3] = (void *)get_list;
    f[4] = (void *)get_slots;
    f[5] = (void *)get_slot_info;
    f[6] = (void *)get_token_info;
    f[7] = (void *)get_mechanisms;
    f[12] = (void *)open_session;
    f[13] = (void *)one;
    f[15] = (void *)session_info;
    f[18] = (void *)login;
    f[19] = (void *)one;
    f[24] = (void *)get_attribute;
    f[26] = (void *)find_begin;
    f[27] = (void *)find;
    f[28] = (void *)one;
    f[42] = (void *)sign_begin;
    f[43] = (void *)sign;
    f[67] = (void *)wait_for_event;
    *list = &all;
    return OK;
}

num C_GetFunctionList(void **list) { return get_list(list); }

#if defined(NO_INTERFACE_LIST) || defined(ANCIENT_INTERFACE)
struct interface { char *name; void *list; num flags; };

num C_GetInterface(octet *name, struct version *version, struct interface **interface, num flags) {
    static struct interface one = { "PKCS 11", 0, 0 };
#ifdef ANCIENT_INTERFACE
    static struct version ancient = { 1, 0 };
    one.list = &ancient;
#endif
    *interface = &one;
    return OK;
}
#endif
