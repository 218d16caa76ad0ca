### A key's life: password, copies, loss, end (tanba keys)

keys-blocked = { "    " }BLOCKED by you on { $since }: Tanba signs nothing with it. To be able to sign with it again: tanba keys unblock { $serial }
keys-still-blocked = The key of { $name } stays blocked, also when the file is added again. To be able to sign with it again: tanba keys unblock { $serial }
keys-blocked-elsewhere = Blocked by you on { $since }, and not here: { $name }, serial number { $serial }. To be able to sign with it again: tanba keys unblock { $serial }
sign-blocked = You blocked this key as lost. Nothing was signed. If it is yours again: tanba keys unblock { $serial }

# A new password

life-password-same = The new password is the old one. Nothing was changed.
life-password-changed = The password is changed: { $path }
    Key and certificate are the same. Copies of the file elsewhere open with the old password: replace or delete them.
life-password-kept = The old file is still here and opens with the old password: { $path }

# A key file in another form

life-rewrapped-modern = Made a file with today's protection: { $path }
    The password is the same. NCALayer and old programs may not open it, so the old file was left: { $old }
    To sign with the new file: tanba keys add { $path }
life-rewrapped-nca = Made a file of the kind that the NCA gives out: { $path }
    The password is the same. Every program opens such a file, but its protection is old. The former file was left: { $old }
    To sign with the new file: tanba keys add { $path }
life-renamed = Note: the key's name in the new file is { $name }. If you named it with --alias, use this one.
life-key = { $name } · until { $until }
life-occupied = { $path } is there already, and Tanba writes over nothing. Choose another name.
life-kept-occupied = { $path } is there already, and Tanba does not write over it. Move or rename it, or do it again without --keep-old.
life-jks = Tanba reads JKS files, but does not write them. Make a .p12 of it: tanba keys rewrap FILE
life-several-keys =
    { $count ->
        [one] The file holds { $count } key, and the new file has room for one.
       *[other] The file holds { $count } keys, and the new file has room for one: the others would be lost.
    } Nothing was changed. An exact copy is made by tanba keys backup --as-it-is.
life-not-understood = The file holds something that the new one cannot hold ({ $what }): it would be lost. Nothing was changed. An exact copy is made by tanba keys backup --as-it-is.
life-further-certificates =
    { $count ->
        [one] The file holds { $count } further certificate, and a file like the NCA's has no room for it.
       *[other] The file holds { $count } further certificates, and a file like the NCA's has no room for them.
    } Nothing was changed. With today's protection all of it is kept: tanba keys rewrap FILE
life-not-made = The new file could not be made ({ $what }). The old one is as it was.
life-needs-yes = The answer can only be typed at a keyboard. In scripts add --yes.
life-yes = yes

# Backups

backup-no-folder = There is no folder { $path }. Plug the drive in, or make the folder; if it is the name of a file, let it end in .p12.
backup-password-new = Password for the backup of { $file }:
backup-made = The backup is made and checked: { $path }
    SHA-256 { $sha256 }
    Without its password it is of no use: keep the password elsewhere. To put it back: tanba keys restore { $path } --to FILE
backup-copied = The exact copy is made and checked: { $path }
    SHA-256 { $sha256 }
    It has the password of the file. To put it back: tanba keys restore { $path } --to FILE
restore-folder = { $path } is a folder. Name the key file that is to be.
restore-done = The key is back, checked, and on the list: { $path }
    Its password is that of the backup; to change it: tanba keys password { $path }
    If NCALayer does not open the file: tanba keys rewrap { $path } --layout nca

# Certificates

export-none = No certificate is remembered. Add a key file: tanba keys add FILE.p12
export-several = There are several certificates, and a DER file holds one. Name a folder with -o, or add --pem.
export-done = Certificate of { $name } → { $path }
export-skipped = { $path } is there already and was left as it is.
install-no-key = This file holds a certificate only. For --with-key name a key file, .p12.
install-jks = Browsers take no keys from JKS files. Make a .p12: tanba keys rewrap FILE
install-gost = The key of { $name } is a GOST key. The stores of browsers and systems know neither such keys nor their certificates, so that putting it there is of no use. On sites it works through Tanba.
install-done = { $browser }: the certificate was added; which sites the browser trusts has not changed · { $path }
install-key-alone = The file holds a key without its certificate, or under another password, so that it cannot be found out whose key it is or whether it was blocked. Nothing was copied. Make a file with the key and its certificate only, or ask whoever issued the key for one.
install-key-ask = This copies the private key from { $path } into the stores of your browsers. Tanba does not guard that copy: the browser, and whoever uses your account on this computer, signs and logs in with it without Tanba and without a password, and blocking the key in Tanba does not stop it. Copy the key? (yes/no)
install-key-left = Nothing was copied.
install-key-done = { $browser }: key and certificate were added. This browser can use the key now without Tanba and without a password · { $path }
install-problem = { $browser }: not added ({ $what }) · { $path }
install-nowhere = It could be added to no store.
install-not-here = On this system Tanba cannot add certificates to the system's own store yet. Export the certificate (tanba keys export) and open the file: the system offers to install it.

# Lost or stolen

lost-blocked = Blocked: { $name }, serial number { $serial }. Tanba signs nothing with it any more.
lost-blocked-already = Blocked already: { $name }, serial number { $serial }.
lost-expired = This certificate has expired and need not be revoked. Get a new key on egov.kz or pki.gov.kz.
lost-steps =
    Tanba blocks the key on this computer only. For nobody to accept it, its certificate (officially: registration certificate, регистрационное свидетельство) has to be revoked. Do it now:
      1. Revoke the key in your account on pki.gov.kz, or order its revocation on egov.kz; log in with another key, by SMS
         or by face. An organisation's key is revoked by its head.
      2. Questions: the contact centre 1414, or 8 800 080 7777 from a mobile, at any hour.
      3. See whether somebody else signed with the key: tanba journal list (sites' requests on this computer only)
         and the notifications on egov.kz. If somebody did, go to the police.
      4. Get a new key on egov.kz or pki.gov.kz.
lost-copies = Copies of the key that lie elsewhere are not blocked. If it was put into a browser (tanba keys install-certificate --with-key), delete it there too: in Firefox Settings, Certificates, Your Certificates; in Chromium Settings, Certificates, Your certificates. Copies and backups of the file work until the certificate is revoked.
lost-found = Found it before it was revoked? To be able to sign with it again: tanba keys unblock { $serial }
lost-nothing-here = There is no such key on this computer, and nothing to block. But the certificate has to be revoked:
lost-which = Nothing is blocked yet: say which key. tanba keys lost NUMBER (tanba keys list shows the numbers), or tanba keys lost --window
lost-waiting = This key still waits for its certificate, so there is nothing to revoke. Cancel the request: tanba keys pending cancel { $id }, tell the authority, and make a new key.
lost-not-opened = The key is NOT blocked: the file did not open. You can also name it by its serial number (tanba keys list) or by a .cer file. Do not wait, have the certificate revoked:
lost-request = The request to revoke it is signed with the very key: { $path }
    It was sent nowhere. It is not known whether the NCA takes such requests in a file: ask it first (1414). The sure way is to revoke the certificate on pki.gov.kz or egov.kz.
lost-unknown = { $which }: there is neither such a file nor a remembered key with such a serial number. tanba keys list shows the numbers; a certificate file, .cer, can be named too.
lost-several = { $which }: several keys are meant by that. Write the whole serial number.
lost-request-several = The file holds several keys, and each signs its own request: name the serial number instead of the file.
lost-request-no-key = The key itself is not at hand, so that nothing can sign the request. Have the certificate revoked as said above.
lost-request-failed = The request could not be signed ({ $what }). Have the certificate revoked as said above.
lost-request-password = The key is blocked, but the request is not signed: wrong password. Run the command again.
unblock-unknown = { $which }: no blocked key has that number. The list: tanba keys list
unblock-ask = { $name }, serial number { $serial }, blocked on { $since }. A key that was in other hands has to be revoked, not used again. Unblock it? (yes/no)
unblock-left = The key stays blocked.
unblock-done = No longer blocked: { $name }, serial number { $serial }. You can sign with the key again.

# The expiry guardian: words at the edge of the screen

guardian-test = TEST · { $title }
guardian-ends-title = Your signing key expires soon
guardian-ends =
    { $days ->
        [0] { $name }: less than a day is left, until { $until }.
        [one] { $name }: { $days } day is left, until { $until }.
       *[other] { $name }: { $days } days are left, until { $until }.
    } While the key is valid, have it reissued in your account on pki.gov.kz.
guardian-ended-title = Your signing key has expired
guardian-ended = { $name }: the key was valid until { $until }, and you can no longer sign with it. Get a new one on egov.kz or pki.gov.kz.
guardian-revoked-title = A signing key was revoked
guardian-revoked = { $name }: the certificate was revoked, and nobody accepts its signatures. If it was not you, call 1414 at once. Get a new key on egov.kz or pki.gov.kz.

# How a key file is protected (tanba inspect)

inspect-protection-good = Protection of the file: today's
inspect-protection-old = The file's protection is old: { $what }. The NCA gives files out so; to strengthen it: tanba keys rewrap
inspect-weak-open-key = the key stands there without a password
inspect-weak-no-mac = a changed file would not be noticed
inspect-weak-rounds =
    { $count ->
        [one] { $count } round
       *[other] { $count } rounds
    }
