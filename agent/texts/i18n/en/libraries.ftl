### libraries: en

# The libraries of tokens (tanba tokens)

tokens-none = No library for tokens is installed. Install the driver of your token, or name its library: tanba tokens add LIBRARY
tokens-library = { $vendor }: { $path }
tokens-refused =
    Not used: { $vendor }: { $path }
      { $why }
tokens-off = Switched off in { $file }: { $vendor }: { $path }
tokens-absent = No driver found for: { $vendors }. If your token is one of these, install the driver from its maker's site.
tokens-no-library-known = No library known: { $vendor }. { $note }
tokens-no-library-add = If the maker gave you a PKCS#11 library for one of these, add it: tanba tokens add LIBRARY --vendor NAME
tokens-identity-card = Identity card of Kazakhstan
tokens-note-kaztoken = Its maker has published no PKCS#11 library that Tanba knows of. Ask the maker for one; the driver of Rutoken, which has the same hardware, may read it, which nobody has tried. Until then sign with it in NCALayer, or get a key in a file on egov.kz.
tokens-note-akey = Its maker has published no PKCS#11 library that Tanba knows of. Ask the maker for one. Until then sign with it in NCALayer, or get a key in a file on egov.kz.
tokens-note-identity-card = Only the NCA's own programs speak with the card's chip, and no PKCS#11 library of it has been published. Sign with it in NCALayer, or get a key in a file on egov.kz. Three wrong PINs block the card.
tokens-note-none = Ask its maker for a PKCS#11 library for this system.
tokens-fault = { $vendor }: { $path } — no tokens. { $why }
tokens-but = Added all the same: { $what }
tokens-not-all = Not every library has answered yet. Ask once more.
tokens-plugged-none = No token can be seen. If one is plugged in, check that its driver is installed and that the smart card service (pcscd) runs.
tokens-token = Token: { $label } · { $vendor } · No. { $serial } · { $reader }
tokens-storage = { "  " }For sites: { $storage }
tokens-pin-not-set = { "  " }It has no PIN yet, and its keys cannot be used. Set one with the vendor's program.
tokens-pin-locked = { "  " }The token's PIN is locked. Unlock it with the vendor's program; without the administrator's code the token has to be cleared, and a new key got.
tokens-pin-last = { "  " }One try is left: another wrong PIN, and the token locks itself.
tokens-pin-low = { "  " }A wrong PIN was typed since the last login, and fewer tries are left. When they are used up, the token locks itself.
tokens-pin-at-reader = { "  " }The PIN is typed at the reader.
tokens-no-keys = { "  " }No keys show before the PIN.
tokens-key-bare = { "  " }Key without a certificate: { $alias } · { $algorithm }
tokens-pin-new = New PIN of the token { $token }:
tokens-pin-again = The same PIN again:
tokens-pin-differs = The two PINs are not the same. Nothing was changed; start again.
tokens-pin-refused = The token does not take this PIN: too short, too long or too simple. Its length may be: { $length }. Nothing was changed; think up another one.
tokens-pin-same = The new PIN is the present one. Nothing was changed; think up another one.
tokens-pin-factory = Every new token of this kind has this PIN, and anybody would try it first. Nothing was changed; think up another one.
tokens-pin-elsewhere = This token lets Tanba not change its PIN. Change it with the vendor's program.
tokens-pin-done = The PIN of the token { $token } is changed. Nobody can tell it to you if you forget it.

# The PIN that every token of a kind comes with

factory-pin-after = What the site asked for is done; it gets the answer when you close this message.
factory-pin = The token { $token } still has the PIN that it came with, and everybody knows that one. Anyone who finds the token can sign in your name.
factory-pin-change =
    Change the PIN now, with the vendor’s program or with this command.
    tanba tokens pin TOKEN

# Libraries that were added

tokens-added = { $vendor }: { $path } is added. Plug the token in; windows then list its keys.
tokens-add-again = { $path } was added before. To add it anew, take it out first: tanba tokens remove { $path }
tokens-add-off = { $path } is switched off in { $file }. Remove the `off` there first.
tokens-removed = { $path } is no longer asked for tokens through your list. The file itself stays where it is.
tokens-remove-name = "{ $name }" is not a file. Name the path of the library, as tanba tokens list shows it.
tokens-remove-unknown = { $path } is not among the libraries that you added. To have a library never asked, add a [[library]] to { $file } with path = "{ $path }" and off = true.
tokens-file-wrong = { $file }, line { $line }: { $what }. No library of tokens is asked until the line is right.
tokens-file-unreadable = { $file } cannot be read: { $what }. No library of tokens is asked until it can.
tokens-file-by-hand = { $file } is written in a way that a program would spoil. Change it in an editor.

library-missing = There is no file { $path }. Install the token's driver again, or take the library out of the list.
library-not-a-file = { $path } is not a file. Name the library itself.
library-not-absolute = { $path } is not a full path. Name the library with its whole path.
library-elsewhere = { $path } lies on another computer. Install the token's driver on this one.
library-owned-by-others = { $path } belongs to another user, who could exchange the library. Have the driver installed by the administrator.
library-writable-by-others = Others may write to { $path } and could exchange the library. Close it to them (chmod go-w), or install the driver where only the administrator writes.
library-place-of-others = Others may write to the folder { $path } and could exchange the library. Move the library into a folder that only the administrator writes to (/usr/local/lib, for example).
library-unreadable = { $path } cannot be looked at: { $what }. Check whether you may read it.
library-not-responding = The library does not answer. Take the token out and put it back in; if that does not help, install the driver again.
library-crashed = The library crashed. Update the token's driver.
library-unusable = This is not a token's library (PKCS#11), or not one for this computer ({ $what }). Install the driver from the site of the token's maker.
library-failed = The library failed ({ $what }). Check that the smart card service (pcscd) runs, and install the driver again.
