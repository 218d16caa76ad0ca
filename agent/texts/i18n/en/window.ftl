### The signing window

window-title = Tanba
window-test = TEST
window-test-banner = TEST. Test environment: signatures with a test key have no legal force.

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
window-logo = A picture that the site sent. It proves nothing.
window-via = through { $program }
window-this-computer = a page of this computer
window-foreign-letters = the address has letters other than Latin
window-who-unknown = Unknown program
window-who-opaque = A page without an address
window-who-program = Program “{ $program }”
window-who-extension = Browser extension { $id }
window-alarm-insecure = The connection to this site is not protected: the page and the document could have been changed on the way. If you did not expect it, press “{ $no }”.
window-alarm-opaque = The browser does not say which site this request comes from. If you did not expect it, press “{ $no }”.
window-alarm-no-page = This is not a page in a browser, and who asks cannot be checked. If you did not start anything yourself, press “{ $no }”.
window-alarm-program-untold = It is not known which program asks. The site's address may be false. If you did not expect it, press “{ $no }”.
window-alarm-unknown-program = Tanba knows no such browser. If you did not start this program yourself, press “{ $no }”.
window-alarm-unknown-program-claims = This program says the request comes from { $site }, but Tanba does not know this browser and cannot check that. If you did not expect it, press “{ $no }”.
window-warning-digest-only = The site did not show the document itself and sent only its digest. It may be the digest of anything: sign only if you trust the site.
window-warning-part-only = Only a part of the document is signed: press “Show” to see it marked with a bar. Your signature says nothing about the rest. Check that it is the part you mean to sign.
window-warning-certificate-request = This is a request for a certificate in your name. Whoever has your signature under it can get a key in your name. If you did not start this yourself on the NCA’s site, press “Cancel”.
window-warning-revocation-request = This is a request to revoke your certificate. Whoever has your signature under it can have your key stopped. If you did not start this yourself on the NCA’s site, press “Cancel”.
window-warning-digest-length = The site sent a digest of the wrong length ({ $octets } instead of { $expected }, in bytes). You can sign it, but nobody will be able to verify the signature.
window-warning-other-site =
    The document logs in to: { $named }
    The site that asks: { $asks }
    If you did not expect that, press “Cancel”.

# Documents

window-documents =
    { $count ->
        [one] { $count } document, { $size } in all
       *[other] { $count } documents, { $size } in all
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
window-signed-part = Signed
window-look-hashed = Show exactly what is hashed
window-look-laid-out = Show laid out for reading
window-look-note = Laid out for reading: the line breaks and indents are only on the screen.
window-note-picture = The picture helps to recognise the document. What is signed is the file itself, byte for byte.
window-note-not-drawn = The document could not be drawn; only its first bytes are seen. The signature covers the whole file.
window-note-encrypted = The document is encrypted with a password and cannot be shown; only its first bytes are seen.
window-encrypted = encrypted with a password
window-not-drawn = could not be drawn
window-drawing = Preparing the picture…
window-page = Page { $page } of { $pages }
window-page-not-drawn = This page could not be drawn.
window-pages =
    { $count ->
        [one] { $count } page
       *[other] { $count } pages
    }
window-image-size = { $width } × { $height } pixels
window-page-back = ‹ Previous page
window-page-on = Next page ›
window-enlarge = Zoom in
window-fit-width = Fit the width
window-size-octets =
    { $count ->
        [one] { $count } byte
       *[other] { $count } bytes
    }
window-size-kilo = { $number } KB
window-size-mega = { $number } MB

# Keys

window-keys = Key
window-no-keys = There are no keys yet. Put in a token, or choose a key file: its name usually begins with GOST512 and ends with .p12.
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
window-looking = Looking for tokens…
window-token = Token: { $label }
window-token-in = Token: { $label } ({ $reader })
window-token-serial = No. { $serial }
window-locked-token = not opened yet: type its PIN
window-driver = token driver
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
window-reason-key = The site named another key: choose that one.
window-reason-issuer = This key was not issued by the NCA of Kazakhstan. Choose another key.
window-reason-test = A test key: it is good only in the test environment.
window-reason-storage = The site needs a key on another device. Choose another one.
window-reason-algorithm = Tanba does not sign with such keys. Choose another key.
window-reason-missing = The file is not where it was. Choose another file.
window-reason-unreadable = The file cannot be read, or is not a key file. Choose another file.
window-reason-token-gone = The token was taken out. Put it back in.
window-reason-no-key-on-token = There are no keys on the token. Get one from the NCA, or put in another token.
window-reason-pin-locked = The token’s PIN is locked. Unlock it with the vendor’s program; without the administrator’s code the token has to be cleared, and you need a new key.
window-reason-pin-not-set = The token has no PIN yet. Set one with its vendor’s program.
window-reason-driver-silent = The token’s driver stopped answering, and its keys cannot be seen. Take the token out and put it back in.
window-reason-driver-crashed = The token’s driver crashed, and its keys cannot be seen. Take the token out and put it back in; if it goes on, update the driver.
window-reason-blocked = You blocked this key as lost. Tanba’s window, under Keys, says how to unblock it.

# Password

window-password = Password
window-password-given = The password was accepted, there is no need to type it again.
window-show-password = Show the password
window-hide-password = Hide the password
window-layout = Keyboard layout { $layout }
window-hint-caps-lock = Caps Lock is on.
window-hint-cyrillic = There are Cyrillic letters in the password. If yours is Latin, switch the keyboard layout.
window-pin = PIN
window-pin-given = The PIN was accepted, there is no need to type it again.
window-show-pin = Show the PIN
window-hide-pin = Hide the PIN
window-pin-at-reader = The PIN is typed at the reader: press “{ $button }” and type it there.
window-pin-few = A wrong PIN was typed since the last login, and fewer tries are left. When they are used up, the token locks itself.
window-pin-last = The last try: one more wrong PIN, and the token locks itself.
window-pin-last-understood = I am sure of my PIN and use the last try

# The decision

window-sign = Sign
window-show-key = Show key
window-open-key = Open key
window-cancel = Cancel
window-close = Close
window-missing-key = Choose a key.
window-missing-password = Type the key's password.
window-missing-pin = Type the token’s PIN.
window-missing-token = Put the token with this key back in.
window-missing-understanding = This is the last try. First tick the box that says you are sure of the PIN.
window-busy-opening = Opening the key…
window-busy-signing = Signing…
window-busy-reader = Type the PIN at the reader…
window-waiting =
    { $count ->
        [one] { $count } more request is waiting
       *[other] { $count } more requests are waiting
    }
window-block-site = Block this site
window-block-domain = Block { $site } and all its subdomains
window-block-site-in-program = Block this site in this program
window-block-program = Block this program
window-block-unknown-programs = Block unknown programs
window-block-opaque = Block pages without an address
window-block-opaque-in = Block pages without an address in { $program }
window-allow-site = Always let this site ask
window-site-allowed = This site may ask
window-gone = The page was closed
window-gone-text = { $who } took its request back, and nothing was sent. This window closes by itself.
window-gone-text-late = { $who } took its request back, but something may have been sent already. Look on the site itself whether the document is signed. This window closes by itself.

# What is made, where it is not what most sites ask for

window-form-xml = The signature is put inside the XML document itself.
window-form-stamp = The NCA’s time stamp is added: a digest of the signature goes over the network to the NCA, the document does not.
window-form-raw = The site gets the bare value of the signature, without the document.

# A yes or no about something else than a key

window-asks-to-read-files =
    { $count ->
        [1] asks to read a file on your computer
        [one] asks to read { $count } file on your computer
       *[other] asks to read { $count } files on your computer
    }
window-read-files-explained =
    { $count ->
        [1] Tanba will open this file, and the site can learn what is in it. Nothing is signed yet: that is asked separately. If you do not know this file, press “Don’t read”.
       *[other] Tanba will open these files, and the site can learn what is in them. Nothing is signed yet: that is asked separately. If you do not know these files, press “Don’t read”.
    }
window-read-files-details =
    { $count ->
        [1] The file that will be read
       *[other] The files that will be read
    }
window-read-files-yes =
    { $count ->
        [1] Read the file
       *[other] Read the files
    }
window-read-files-no = Don’t read
window-files-always = Allow now and always: any of your files, without asking
window-asks-to-write-file = asks to save a file on your computer
window-write-file-explained = Tanba will save a file in this place. If you do not expect a file there, press “Don’t save”.
window-write-file-details = Where it will be saved
window-write-file-yes = Save the file
window-write-file-no = Don’t save
window-asks-to-fetch = asks to download a document
window-fetch-explained = Tanba will download the document from this address. Nothing is signed yet: you will see the document and be asked separately. If you do not know this address, press “Don’t download”.
window-fetch-details = The address of the document
window-fetch-yes = Download the document
window-fetch-no = Don’t download
window-asks-to-upload = asks you to choose a file, sign it and send it
window-upload-explained = You will choose a file yourself. It will be signed and sent whole to this address. If you do not know this address, press “Don’t send”.
window-upload-details = The address to which the file will go
window-upload-yes = Allow sending
window-upload-no = Don’t send
window-asks-to-stamp = asks to add a time stamp to a signature
window-stamp-explained = A digest of the signature goes over the network to the NCA, which confirms the time. The document itself is not sent, and neither your key nor your password is needed.
window-stamp-details = Whose signature it is
window-stamp-yes = Add the time stamp
window-stamp-no = Don’t add
window-asks-other-site = asks you to sign a login to another site
window-other-site-named = The document logs in to:
window-other-site-asks = But the one that asks is:
window-other-site-explained = This is how fraudsters enter a site in your name. If you wanted to log in, press “Don’t sign”, open that site yourself and start there.
window-other-site-understood = I know that this is a login to another site, and this is what I want
window-asks-bare = asks you to sign data that cannot be read
window-bare-explained = What the site sent cannot be shown, and it could become your signature under any document, even one that you have never seen.
window-bare-doubt = Agree only if you know why this site needs such a signature. If not, press “Don’t sign”.

window-asks-certificate-request = asks you to sign a request for a certificate in your name
window-asks-revocation-request = asks you to sign a request to revoke your certificate
window-key-act-doubt = Agree only if you started this yourself on the NCA’s site. If not, press “Don’t sign”.
window-sign-anyway = Sign anyway
window-sign-not = Don’t sign

# A file of the person's choice

window-asks-to-choose-file = asks you to choose a file
window-choose-file-explained = The site will learn the path and the name of the file, but not what is in it.
window-choose-document-explained = The site will not learn where the file is. If the signature is attached, the whole file goes to the site with it. You will see the document before it is signed.
window-choose-file-kind = Kind of file that the site needs
window-choose-file-yes = Choose file…
window-choose-file-no = Don’t choose
window-choose-file-path = Path of the file
window-choose-file-take = Choose
window-choose-file-title = Choose a file

# Something to read

window-tells = A message from Tanba about this request

# A new key, and the certificate for it

window-asks-for-new-key = asks you to make a new key
window-new-key-explained = The key stays with you. The site gets only the request for a certificate, which says what is shown above. Check every line.
window-make-key = Make the key
window-asks-to-install = asks to install the certificate for your key
window-install-explained = Your key waits for this certificate. Once it is installed, you can sign with the key.
window-install = Install the certificate
window-detail-name = Surname and name
window-detail-surname = Surname
window-detail-patronymic = Patronymic
window-detail-iin = IIN
window-detail-organisation = Organisation
window-detail-bin = BIN
window-detail-region = Region
window-detail-locality = Locality
window-detail-email = E-mail
window-detail-use = For
window-detail-role = Role
window-detail-algorithm = Algorithm
window-detail-until = Valid until
window-detail-issuer = Issued by
window-detail-standing = Check
window-use-signing = signing documents
window-use-login = logging in to sites
window-algorithm-gost512 = GOST 34.310-2015, 512 bits
window-algorithm-rsa2048 = RSA, 2048 bits
window-standing-nca = signed by an authority that Tanba trusts
window-standing-test = signed by a test authority
window-standing-unknown = Tanba does not know this authority
window-install-refused = The site brought a certificate for your key, and it was not installed:
window-install-anyway = Nothing was changed, and your key goes on waiting. Tell the site’s support.
window-place-of-key = Where the key will be
window-key-that-waits = The key that waits for the certificate
window-other-place = Another place…
window-file-moved = The file is elsewhere…
window-new-file = New file: { $file }
window-new-path = Path of the new key file
window-choose-place-title = Where to make the key file
window-reason-cannot-make = This token makes no keys of this kind. Choose the file or another token.
window-reason-not-writable = Nothing can be written to this token. Choose the file or another token.
window-new-password = New password
window-repeat-password = The same password again
window-password-rule = Other programs, NCALayer among them, take only a password of 6 to 32 characters with a capital and a small Latin letter and a digit. A forgotten password cannot be restored.
window-missing-new-password = Think up a password for the new key file.
window-missing-repetition = Type the same password again.
window-missing-agreement = The passwords differ. Type them again.
window-busy-making = The key is being made; this may take a minute…
window-busy-installing = Installing the certificate…
