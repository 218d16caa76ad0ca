### The signing window

window-title = Tanba
window-test = TEST
window-test-banner = TEST. Test environment: signatures have no legal force.

# Who asks, and for what. The window's first line is the name of the site or program, the second what it asks.

window-asks-to-sign =
    { $count ->
        [1] asks you to sign a document
        [one] asks you to sign { $count } document
       *[other] asks you to sign { $count } documents
    }
window-asks-to-show-key = asks you to show your key
window-show-key-explained = The site will see what your certificate says: name, IIN or BIN, dates. Nothing will be signed.
window-first-time = first time
window-via = through { $program }
window-this-computer = a page of this computer
window-foreign-letters = the address has letters other than Latin
window-who-unknown = Unknown program
window-who-opaque = A page without an address
window-who-program = Program “{ $program }”
window-who-extension = Browser extension { $id }
window-alarm-insecure = The connection to this site is not protected: the page and the document could have been changed on the way. If you did not expect it, press Cancel.
window-alarm-opaque = The browser does not say which site this request comes from. If you did not expect it, press Cancel.
window-alarm-no-page = This is not a page in a browser, and who asks cannot be checked. If you did not start anything yourself, press Cancel.
window-alarm-program-untold = It is not known which program asks. The site's address may be false. If you did not expect it, press Cancel.
window-alarm-unknown-program = Tanba knows no such browser. If you did not start this program yourself, press Cancel.
window-alarm-unknown-program-claims = This program says the request comes from { $site }, but Tanba does not know this browser and cannot check that. If you did not expect it, press Cancel.
window-warning-digest-only = The site did not show the document itself and sent only its digest. It may be the digest of anything: sign only if you trust the site.
window-warning-digest-length = The site sent a digest of the wrong length ({ $octets } instead of { $expected }, in bytes). You can sign it, but nobody will be able to verify the signature.

# Documents

window-documents =
    { $count ->
        [one] { $count } document
       *[other] { $count } documents
    }
window-document-number = Document { $number }
window-show = Show
window-hide = Hide
window-preview = Content of the document
window-kind-text = Text
window-kind-xml = XML document
window-kind-pdf = PDF document
window-kind-zip = ZIP archive or office document
window-kind-image = Image
window-kind-cms = File with a signature (CMS)
window-kind-binary = File of an unknown kind
window-kind-digest = Digest of a document
window-note-beginning = Only the beginning is shown. The signature covers the whole document.
window-note-binary = This file cannot be shown as text; these are only its first bytes.
window-note-digest = The content was not sent, only its digest is seen.
window-size-octets =
    { $count ->
        [one] { $count } byte
       *[other] { $count } bytes
    }
window-size-kilo = { $number } KB
window-size-mega = { $number } MB

# Keys

window-keys = Key
window-no-keys = There are no keys yet. Choose a key file: its name usually begins with GOST512 and ends with .p12.
window-first-file = Choose a file…
window-other-file = Another file…
window-type-path = Type a path
window-path = Path of the key file
window-add-path = Add
window-forget = Remove from the list
window-choose-key-file = Choose a key file
window-key-files = Key files
window-all-files = All files
window-locked = not opened yet: type its password
window-iin = IIN { $number }
window-bin = BIN { $number }
window-until = until { $date }
window-role-person = private person
window-role-head = head of the organisation
window-role-signing-employee = employee with the right to sign
window-role-finance-employee = employee with the right to sign financial documents
window-role-personnel = personnel department
window-role-employee = employee
window-role-system = information system
window-role-organisation = legal entity
window-reason-expired = It has expired. Get a new key from the NCA.
window-reason-expired-on = It expired on { $date }. Get a new key from the NCA.
window-reason-not-yet = It is not valid yet. Check the computer's clock.
window-reason-wrong-use = The site needs a key for another purpose (for signing or for logging in).
window-reason-wrong-role = The site needs a key with another role (for example, a head's).
window-reason-person = The site needs another person's key: the IIN differs.
window-reason-organisation = The site needs another organisation's key: the BIN differs.
window-reason-serial = The site needs another certificate: the serial number differs.
window-reason-issuer = This key was not issued by the NCA of Kazakhstan. Choose another file.
window-reason-test = A test key: it is good only in the test environment.
window-reason-storage = The site needs a key on another device. Choose another key.
window-reason-algorithm = Tanba does not sign with such keys. Choose another file.
window-reason-missing = The file is not where it was. Choose another file.
window-reason-unreadable = The file cannot be read, or is not a key file. Choose another file.

# Password

window-password = Password
window-password-given = The password was accepted, there is no need to type it again.
window-show-password = Show the password
window-hide-password = Hide the password
window-layout = Keyboard layout { $layout }
window-hint-caps-lock = Caps Lock is on.
window-hint-cyrillic = There are Cyrillic letters in the password. If yours is Latin, switch the keyboard layout.

# The decision

window-sign = Sign
window-show-key = Show key
window-open-key = Open key
window-cancel = Cancel
window-close = Close
window-missing-key = Choose a key.
window-missing-password = Type the key's password.
window-busy-opening = Opening the key…
window-busy-signing = Signing…
window-waiting =
    { $count ->
        [one] { $count } more request is waiting
       *[other] { $count } more requests are waiting
    }
window-block-site = Block requests from this site
window-allow-site = Always let this site ask
window-site-allowed = This site may ask
window-gone = The page was closed
window-gone-text = The request is withdrawn and nothing was sent. This window closes by itself.
