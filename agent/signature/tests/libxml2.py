"""Canonical forms by libxml2, for comparison.

Standard input: one JSON object a line, with `xml`, `apex` (0: the document; n: its n-th element, without the elements
named `skip` inside) and `prefixes` (inclusive prefixes). Standard output: one JSON list a line with six canonical forms:
1.0, exclusive, 1.1, each without and with comments; null where libxml2 refuses.
"""
import ctypes
import ctypes.util
import json
import sys

xml2 = ctypes.CDLL(ctypes.util.find_library("xml2") or "libxml2.so.2")
pointer, integer, text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p


class XPathObject(ctypes.Structure):
    _fields_ = [("type", integer), ("nodes", pointer)]


def function(name, result, *arguments):
    found = getattr(xml2, name)
    found.restype, found.argtypes = result, arguments
    return found


read = function("xmlReadMemory", pointer, text, integer, text, text, integer)
free_document = function("xmlFreeDoc", None, pointer)
new_context = function("xmlXPathNewContext", pointer, pointer)
free_context = function("xmlXPathFreeContext", None, pointer)
evaluate = function("xmlXPathEvalExpression", ctypes.POINTER(XPathObject), text, pointer)
free_object = function("xmlXPathFreeObject", None, ctypes.POINTER(XPathObject))
dump = function("xmlC14NDocDumpMemory", integer, pointer, pointer, integer, pointer, integer,
                ctypes.POINTER(pointer))
free = ctypes.c_void_p.in_dll(xml2, "xmlFree")
free = ctypes.CFUNCTYPE(None, pointer)(free.value)
# What canonicalising wants of the parser, as xmllint sets it: entities and CDATA as text; quietly, without the network.
OPTIONS = 2 | 16384 | 32 | 64 | 2048


def subset(apex):
    elements = f"(//*)[{apex}]/descendant-or-self::*[not(ancestor-or-self::*[local-name()='skip'])]"
    kinds = ("", "/@*", "/namespace::*", "/text()", "/comment()", "/processing-instruction()")
    return " | ".join(elements + kind for kind in kinds).encode()


def canonical(document, nodes, mode, prefixes, comments):
    names = (text * (len(prefixes) + 1))(*[name.encode() for name in prefixes], None)
    out = pointer()
    length = dump(document, nodes, mode, ctypes.cast(names, pointer) if prefixes else None, comments, ctypes.byref(out))
    if length < 0:
        return None
    octets = ctypes.string_at(out, length)
    free(out)
    return octets.decode()


for line in sys.stdin:
    request = json.loads(line)
    octets = request["xml"].encode()
    document = read(octets, len(octets), None, None, OPTIONS)
    if not document:
        print("null")
        continue
    context = new_context(document)
    found = evaluate(subset(request["apex"]), context) if request["apex"] else None
    nodes = found.contents.nodes if found else None
    print(json.dumps([canonical(document, nodes, mode, request["prefixes"], comments)
                      for mode in (0, 1, 2) for comments in (0, 1)]))
    if found:
        free_object(found)
    free_context(context)
    free_document(document)
