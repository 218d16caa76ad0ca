### Errors: what happened and what to do next. Shown in windows and on the command line.

error-wrong-password = Wrong password. Check the keyboard layout and Caps Lock, and type it again.
error-file-missing = The file is no longer where it was. Plug in the drive it was on, or choose another file.
error-file-forbidden = This file may not be read. Copy it into your own folder and choose it again.
error-file-unreadable = The file cannot be read. Choose another key file.
error-not-a-key-file = This is not a key file. A .p12 file is needed; its name usually begins with GOST512.
error-file-truncated = The key file breaks off in the middle. Copy it again from where it came from.
error-file-damaged = The key file is damaged or unusual and could not be opened. Copy it again from where it came from.
error-no-key = There is no private key in this file. Choose the .p12 file that the NCA gave you.
error-no-certificate = This file has a key but no certificate. Choose the .p12 file that the NCA gave you.
error-key-mismatch = The key and the certificate in this file do not belong together. Choose another file.
error-algorithm-not-yet = Tanba does not sign with this kind of key: it signs with GOST, RSA (2048 to 4096 bits) and EC (P-256, P-384) keys. Choose another file.
error-key-file-changed = This file now holds another key. Look at the list again and choose a key.
error-key-does-not-fit = This key no longer fits the request. Choose another key.
error-signing-failed = Signing failed, and nothing was sent. Try again, or choose another key.
error-file-protection = This file is protected in a way that Tanba does not know yet. Choose the original .p12 file that the NCA gave you.
error-key-password-differs = The key in this file has a password of its own, other than the file's. Ask whoever made the file for one with the same password for both.
error-wrong-pin = Wrong PIN. Check the keyboard layout and Caps Lock; after a few wrong ones the token locks itself.
error-wrong-pin-again = Wrong PIN.
error-pin-tries-changed = Wrong PINs were typed for this token elsewhere, and it now has one try left. Yours was not sent: check it, then type it again.
error-pin-locked = The token’s PIN is locked. Unlock it with the vendor’s program; without the administrator’s code the token has to be cleared, and you need a new key.
error-pin-not-set = The token has no PIN yet, and its keys cannot be used. Set one with the vendor’s program.
error-pin-expired = The PIN has expired. Change it with the vendor’s program, then try again.
error-refused-at-reader = Typing the PIN at the reader was cancelled or not finished, and nothing was sent. Try again.
error-token-gone = The token was taken out, and nothing was sent. Put it back in and try again.
error-token-not-responding = The token’s driver stopped answering, and nothing was sent. Take the token out, put it back in and try again.
error-token-crashed = The token’s driver crashed, and nothing was sent. Try again; if it goes on, update the driver.
error-token-library-unusable = The token’s driver does not work on this computer. Install it again from the vendor’s site.
error-token-unsupported = This token cannot sign in the way that is needed. Choose another key.
error-token-no-room = The token has no room, or may not be written to; what is on it stays. Remove what is not needed with the vendor’s program, or put in another token.
error-token-wrong-signature = The token gave a signature that does not fit its certificate, so nothing was sent. Try again; if it goes on, update the driver or choose another key.
error-token-no-such-key = This key is no longer on the token. Look at the list again and choose a key.
error-token-no-key = There is no key with a certificate on the token. Put in another token, or get a key on it from the NCA.
error-token-failed = The token did not do it, and nothing was sent. Take it out, put it back in and try again.

# The same in commands, which send nothing anywhere.

command-refused-at-reader = Typing the PIN at the reader was cancelled or not finished, and nothing was changed. Try again.
command-token-gone = The token was taken out, and nothing was changed. Put it back in and try again.
command-token-not-responding = The token’s driver stopped answering, and nothing was changed. Take the token out, put it back in and try again.
command-token-crashed = The token’s driver crashed, and nothing was changed. Try again; if it goes on, update the driver.
command-token-failed = The token did not do it, and nothing was changed. Take it out, put it back in and try again.
command-token-wrong-signature = The token gave a signature that does not fit its certificate, so nothing was changed. Try again; if it goes on, update the driver or choose another key.
command-token-unsupported = This token cannot do that. Choose another key, or another token.

site-no-address = The address that the site gave is not valid. Tell the site's support.
site-no-site = Only a site that is opened over https may name an address to fetch from or send to. Open the site over https, or tell its support.
site-other = { $host } does not belong to { $site }, the site that asks. Nothing was fetched or sent. Tell the site's support.
site-unreachable = { $host } cannot be reached. Check the network and the proxy, then try again.
site-slow = { $host } does not answer. Try again in a few minutes.
site-strange = { $host } gave no usable answer. Try again later; if it goes on, tell the site's support.
error-key-revoked = The certificate of this key is revoked: nobody accepts signatures made with it. Choose another key; if you did not ask for that, call the NCA.
error-key-blocked = This key is blocked as lost, and nothing was signed. Choose another key.
error-not-blocked = The block could not be written down ({ $what }). The key is NOT blocked: put that right and try again, and revoke the certificate on pki.gov.kz.
error-already-signed = You have signed this document already. Choose another key, or cancel.
error-digest-length = The site gave a digest that does not fit this key. Choose a key of another kind, or cancel and tell the site's support.
error-stamp-unusable = The time stamp that came back cannot be used, so nothing was sent. Try again in a few minutes; if it goes on, tell the NCA.
error-stamp-time = The time stamp and the clock of this computer differ, so nothing was sent. Set the clock and try again.
error-not-written = The file could not be written. Check that the folder is there, has room and may be written to, and try again.

### What a window tells when a site asks for something that Tanba does in another way.

notice-settings = The settings of Tanba are in the file { $path }; make it if it is not there. Most changes count from the next request on, those of the port and the limits after Tanba is started again.
notice-data = The list of keys is in the folder { $data }, the journal in { $state }; tanba journal list shows it.
notice-modules = These modules answer to sites: { $modules }.
notice-nothing-to-install = Nothing has to be installed: close this window and go on.

# A new key, and the certificate for it

error-new-file-there = There is such a file already; it was left alone. Choose another name or folder.
error-new-key-failed = The key could not be made, and nothing was written. Try again or choose another place.
error-certificate-not-of-key = This certificate does not belong to the key in the chosen file, which was left alone. Choose the file that was made with the request.
error-certificate-revoked = This certificate was revoked already, and it was not installed. Ask the authority for another one.
error-certificate-no-place = This file has more than one key, or a certificate already; it was left alone. Choose the file that was made with the request.
error-certificate-not-put-in = The certificate could not be written. Try again; if that does not help: tanba keys import
