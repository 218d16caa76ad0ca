### cli: en

# The key and file commands (tanba keys, sign, verify, inspect)

cli-error = Error: { $what }
cli-file-missing = There is no file { $path }. Check the path.
cli-file-folder = { $path } is a folder. Name a file.
cli-file-failed = { $path } cannot be read or written. Check the rights, and whether there is room ({ $what }).
cli-password-prompt = Password of { $file }:
cli-password-needs-terminal = The password can only be typed at a keyboard. In scripts give it as the first line of input and add --password-stdin.

keys-added = Remembered: { $name }, until { $until }. The password was not kept.
keys-added-expired = This key expired on { $until }, and you can no longer sign with it. Get a new one on egov.kz or pki.gov.kz.
keys-test-key-outside = This is a TEST key. To sign with it, turn on the test environment: test_environment = true in { $settings }
keys-none = No keys yet. Add a file: tanba keys add FILE.p12
keys-file = { $path }
keys-file-missing = { $path } (the file is not there)
keys-key-days = { "  " }{ $name } · { $algorithm } · No. { $serial } · until { $until }, { $days ->
    [0] less than a day left
    [one] { $days } day left
   *[other] { $days } days left
}
keys-key-expired = { "  " }{ $name } · { $algorithm } · No. { $serial } · expired { $until }
keys-key-not-yet = { "  " }{ $name } · { $algorithm } · No. { $serial } · not valid yet
keys-test = { "  " }TEST: without legal force
keys-gost = GOST ({ $which })
keys-for-signing = for signing
keys-for-login = for logging in
keys-ends-soon = { "    " }While the key is valid, have it reissued in your account on pki.gov.kz.
keys-removed = { $path } is forgotten. The file itself stays where it is.
keys-unknown = { $path } is not among the remembered files. List them with: tanba keys list
keys-demo-made =
    Made a TEST key for trying Tanba out: { $path }
    Password: { $password }
    The test environment of this data folder is on ({ $settings }): every window says TEST.
keys-demo-there =
    The TEST key is there already: { $path }
    Password: { $password }
    The test environment of this data folder is on ({ $settings }).

sign-exists = { $path } is there already. Name another file with -o, or add --force.
sign-too-large = A file this large does not fit into a signature ({ $most } MB at most). Add --detached: the document then stays beside the signature.
sign-no-alias = The file has no key named { $alias }. `tanba inspect` shows the names.
sign-several-keys = The file has several keys. Choose one with --alias; `tanba inspect` shows the names.
token-not-there =
    { $count ->
        [0] The token “{ $name }” is not plugged in, and no other one is seen. Put it in; tanba tokens list shows which drivers were found.
       *[other] The token “{ $name }” is not plugged in. These are: { $tokens }. To look: tanba tokens list
    }
token-several = Several tokens are called “{ $name }”. Name the serial number of the one you mean.
token-hidden-silent = The token “{ $name }” cannot be seen: the driver { $vendor } does not answer. Take the token out, put it back in and try again; if that does not help, install the driver again.
token-hidden-broken = The token “{ $name }” cannot be seen: the driver { $vendor } does not work. Try again; if that does not help, install the driver again from the site of the token’s maker.
token-pin-prompt = PIN of the token { $label }:
token-pin-at-reader = Type the PIN of { $label } at the reader; it may ask more than once.
token-last-try-by-hand = The last try: one more wrong PIN, and the token locks itself. Run the command without --password-stdin (--pin-stdin) and type the PIN at the keyboard.
sign-no-key-named = Name a key file (--key) or a token (--token).
sign-no-alias-on-token = The token has no key named { $alias }. It has: { $names }
sign-several-keys-on-token = The token has several keys: { $names }. Choose one with --alias.
sign-expired = The certificate expired on { $until }. Get a new key from the NCA.
sign-not-yet = The certificate is not valid yet. Check the computer's clock.
sign-test-key = TEST: the signature is made with a test key and has no legal force.
sign-test-key-refused = This is a test key, and the test environment is off. Nothing was signed. To sign for a test, set test_environment = true in { $path }.
sign-done = Signed: { $name } → { $path }

inspect-certificate = Certificate
inspect-key-file = { $count ->
    [one] Key file with { $count } key
   *[other] Key file with { $count } keys
}
inspect-alias = Key name (--alias): { $value }
inspect-no-certificate = { "  " }without a certificate
inspect-nothing-known = This is neither a certificate, nor a CMS signature, nor a .p12 key file.
inspect-name = Name: { $value }
inspect-iin = IIN: { $value }
inspect-organisation = Organisation: { $value }
inspect-bin = BIN: { $value }
inspect-issuer = Issued by: { $value }
inspect-issued-nca = Authority: the NCA of Kazakhstan; the certificate's signature was checked
inspect-issued-test = TEST: issued by a test authority, without legal force
inspect-issued-unknown = Authority unknown: its signature cannot be checked
inspect-valid = Valid: { $value }
inspect-expired = Expired: { $value }
inspect-not-yet = Not valid yet: { $value }
inspect-algorithm = Algorithm: { $value }
inspect-serial = Serial number: { $value }

verify-good = The signature holds.
verify-bad = The signature is NOT accepted.
verify-good-test = TEST: the signature holds, but its certificate is a test one, without legal force.
verify-unchecked = The signature is not checked yet: the document is needed.
verify-signer = Signer { $number } of { $total }
verify-signing-time = Signing time (by the signer's own word): { $value }
verify-signing-time-none = No signing time is stated
verify-embedded = The document is inside the signature: { $size ->
     [one] { $size } byte
    *[other] { $size } bytes
}
verify-detached = The document is outside the signature
verify-problem = Problem: { $value }
verify-no-revocation = Revocation was not checked: nobody was asked, and nothing came along.
verify-not-a-signature = This is no signature that Tanba reads: CMS (DER, PEM or base64), signed XML or signed PDF.
verify-content-needed = The signature does not hold the document. Name it: --content FILE
verify-no-signers = There is no signature in the file.
verify-cert-missing = the signer's certificate is not in the signature
verify-cert-unknown = the certificate was issued by an unknown authority (an administrator can add one: tanba trust ca add)
verify-cert-test = the certificate is a test one, and the test environment is off
verify-cert-not-valid = the certificate was not valid at the signing time
verify-time-future = the signing time has not come yet: the signer's clock or this computer's is wrong
verify-problem-content-differs = the document was changed, or is another one
verify-problem-digest-length = a digest of a wrong length was signed: nobody can verify such a signature
verify-problem-other-certificate = another certificate was signed
verify-problem-signature = the signature value does not fit the key
verify-problem-not-checked = not checked: this signature's algorithm is not supported yet ({ $detail })
verify-problem-structure = the signature is built wrongly ({ $detail })

# Running and being trusted (tanba run, tanba trust)

run-ready = Tanba is ready. Its page: { $page }
run-failed = Tanba could not start: { $what }
run-running-already = Tanba is running already (process { $pid }). One is enough: open its page at https://127.0.0.1:{ $port }/
run-running-somewhere = Tanba is running already with this data folder.
run-port-taken = Port { $port } is taken, and the system does not say by which program. Quit that program, or choose another port with --port.
run-port-taken-program = Port { $port } is taken by { $program } (process { $pid }{ $path }). Quit it, or choose another port with --port.
run-port-taken-ncalayer = Port { $port } is taken by NCALayer (process { $pid }). Sites can reach only one of the two: quit NCALayer and start Tanba again.
run-port-taken-tanba = Port { $port } is taken by another Tanba (process { $pid }). Quit it, or choose another port with --port.
run-port-taken-tanba-somewhere = Port { $port } is taken by another Tanba. Quit it, or choose another port with --port.
run-port-taken-user = Port { $port } is taken by a program of another user of this computer. Choose another port with --port; sites expect { $standard }.
run-signer-missing = { $path } is missing: nothing can be signed. Install Tanba again.
run-setting-unknown = Unknown setting { $key } in { $file }. It is ignored.
run-settings-broken = { $file } cannot be used. Correct it, or rename the file: the defaults then hold ({ $what }).

trust-tool-missing = { $tool } is missing. Install it: apt install libnss3-tools (Debian, Ubuntu), dnf install nss-tools (Fedora), pacman -S nss (Arch).
trust-failed = The browsers' certificate stores cannot be used: { $what }
trust-no-certificate = Tanba has no local certificate yet. `tanba trust install` makes one.
trust-certificate = Local certificate: { $name }, until { $until }
trust-no-stores = No browser keeps certificates in this home folder yet.
trust-store-trusted = { $browser }: trusted · { $path }
trust-store-untrusted = { $browser }: present, but not trusted · { $path }
trust-store-absent = { $browser }: not trusted · { $path }
trust-store-locked = { $browser }: protected by a primary password. Open https://127.0.0.1:13579/ in it and accept the certificate there · { $path }
trust-store-unusable = { $browser }: the store cannot be used ({ $what }) · { $path }
trust-restart = Restart the browsers that are open.

# What was decided about sites (tanba sites)

sites-none = No site has been answered yet.
sites-seen = { $origin } · { $program } · answered before
sites-allowed = { $origin } · { $program } · may ask
sites-blocked = { $origin } · { $program } · blocked. To hear it again: tanba sites forget { $origin }
sites-blocked-site = { $origin } · { $program } · blocked, with all addresses of { $site }. To hear it again: tanba sites forget { $origin }
sites-paths = { $origin } · { $program } · may read and save your files without asking. To take that back: tanba sites forget { $origin }
sites-forgotten = { $origin } is forgotten: its next request is shown as from a new site.
sites-unknown = Nothing is remembered of { $origin }. The list: tanba sites list

service-unreachable = { $service } cannot be reached ({ $host }). Check the network and the proxy, then try again.
service-slow = { $service } does not answer ({ $host }). Try again in a few minutes.
service-strange = { $service } gave no usable answer ({ $host }). Try again later; if it goes on, tell the NCA.
service-not-allowed = { $url } is not an address of the NCA, so it is not asked.
service-proxy = The proxy in the settings is not an address like http://host:port. Correct services.proxy.
evidence-unreadable = What came cannot be read: it is no answer of such a service. A proxy may have put something else in its place.
evidence-refused = The service says that it does not answer.
evidence-off-the-question = The answer is to another question.
evidence-not-believed = The answer is not signed by whom it should be.
evidence-out-of-time = The answer is too old or from the future. Check the clock of this computer.
evidence-not-asked = Nothing could be asked.

ca-added = Believed from now on: { $name }
    SHA-256 { $fingerprint }
    Compare it with the authority's own publication; if it differs: tanba trust ca remove { $fingerprint }
ca-not-certificate = This file is no certificate.
ca-no-authority = This certificate belongs to no authority: it may not issue certificates, so nothing would be believed because of it.
ca-not-valid-now = Today is outside of its validity ({ $from } – { $until }); what it issued within it can still be checked.
ca-test-outside = A test authority counts only with test_environment = true in { $settings }.
ca-line-embedded = { $name }
ca-line-added = { $name } · added
ca-line-test = { $name } · TEST
ca-line-test-added = { $name } · TEST · added
ca-line-certificate = {"    "}until { $until } · SHA-256 { $fingerprint }
ca-line-key-only = {"    "}known by its key { $identifier }; its own certificate has not been seen
ca-test-do-not-count = Test authorities do not count: the test environment is off.
ca-fingerprint-wanted = Which one? Give at least 8 digits of the SHA-256 that tanba trust ca list shows.
ca-unknown = No added authority has a SHA-256 that begins with { $fingerprint }. Those that come with Tanba stay.
ca-several = Several begin with { $fingerprint }: give more digits.
ca-removed = Believed no longer: { $name }

verify-content-not-wanted = --content is for a CMS without its document. XML and PDF hold what was signed.
verify-remark = Note: { $value }
verify-covers-document = Covers the whole document
verify-covers-element = Covers only the element { $detail }, not what stands beside it
verify-covers-nothing = Refers to { $detail }, which is not there
verify-pdf-covers-all = Field { $detail }: covers the whole file
verify-pdf-then-signatures = Field { $detail }: covers the file as it was; further signatures came after it
verify-pdf-then-changes = Field { $detail }: covers the file as it was; the document was CHANGED after it
verify-pdf-then-unknown = Field { $detail }: covers the file as it was; what came after it could not be read
verify-pdf-changed = the document was changed after the last signature, so it shows more than was signed
verify-stamp = Time stamp: { $value } · { $service }
verify-stamp-bad = Time stamp that does not hold: { $detail }
verify-stamp-not-believed = The time stamp proves nothing: { $detail }
verify-time-not-proven = The certificate has ended since. Only the signer's own clock says that it was signed before; a time stamp would prove it.
verify-anchor = Trusted through: { $anchor }
verify-anchor-key-only = Trusted through: { $anchor } (known by its key; its own certificate has not been seen)
verify-anchor-test = Test authority: { $anchor }
verify-anchor-none = No trusted authority issued it: { $detail }
verify-not-revoked = Not revoked: { $source }, { $value }
verify-revoked = REVOKED since { $value } ({ $reason }): { $source }
verify-revocation-unknown = Whether it was revoked is not known: { $detail }
verify-trouble = {"    "}{ $detail }
verify-cert-revoked = the certificate was revoked

sign-options-differ = These options do not go together: --detached, --add, --content and --format are for CMS, --compact for XML, --visible, --reason and --location for PDF, and XML takes no time stamp.
sign-not-added = Your signature was not added: { $detail }. If the CMS does not hold its document, name that: --content FILE
sign-stamp-unusable = The time stamp cannot be used: { $detail }
sign-stamp-not-believed = Note: the time stamp fits, but its service is not below an authority that is known here ({ $detail }).
sign-long-term-failed = Whether { $name } was revoked could not be found out, so that the signature cannot be made for the long term: { $detail }
sign-stamp-heading = Signed electronically
sign-stamp-time = Time: { $value }
sign-pdf-failed = This PDF cannot be signed inside: { $detail }. With --detached the signature goes into a file beside it.
sign-xml-failed = This document cannot be signed as XML: { $detail }. Without --as xml it becomes a CMS.

inspect-issued-added = Authority: one that was added here (tanba trust ca list); the certificate's signature was checked
ca-is-test = { $name } is a test authority. Add it with --test, or not at all: what it issues has no legal force.
ca-is-real = { $name } is an authority already, and no test one. Remove it first: tanba trust ca list
verify-revocation-no-issuer = Revocation was not checked: its authority is not believed, so nobody's word about it counts
verify-cert-revocation-unknown = it could not be found out whether the certificate was revoked (--require-revocation)
verify-open-revocation = Not found out: whether a certificate was revoked.
verify-open-time = Not proven: that it was signed before the certificate ended.
verify-none = There is no signature in the file.
sign-add-is-for-cms = --add is for a CMS. A PDF takes further signatures without --add.
sign-no-folder = There is no folder { $path }. Make it, or name another one.
verify-issuer-revoked = an authority above the certificate was revoked
verify-wrong-purpose = the certificate is a service's, or its key may not sign: it signs no documents
verify-open-purpose = Note: the key is for logging in, not for signing documents.
sign-stamp-time-differs = its time is far from this computer's; check the clock
verify-cert-not-valid-now = the certificate is not valid today, and nothing in the file says when it was signed
verify-pdf-changed-after = the document was changed after this signature: what it shows now is not what was signed

# A command line that is not understood

usage-unknown-argument = There is no option { $what } here.
usage-missing-argument = Something is missing: { $what }
usage-unknown-command = There is no command { $what }.
usage-missing-command = { $what }: a command has to follow.
usage-missing-value = { $what }: a value has to follow.
usage-wrong-value = The value "{ $value }" does not suit { $what }.
usage-conflict = { $what } cannot be used together with { $value }.
usage-allowed = Possible: { $what }
usage-meant = Perhaps you meant: { $what }
usage-help = More about it: --help

# tanba log

log-empty = There is no log yet. It begins when tanba run says something.
log-saved = The log is saved: { $file }. Read it before you give it away: it names the sites that asked.
log-there = { $file } is there already, and nothing is written over. Choose another name.
log-not-written = The log could not be saved ({ $what }). Choose another place.
log-unreadable = The log could not be read ({ $what }).
