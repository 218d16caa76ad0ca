### Windows that a person opens themself: tanba keys request | import | lost --window

# The first line says who; the second goes on from it: "You … are asking for a certificate".

own-who = You
own-via = opened this window of Tanba yourself; no site has a part in it
own-asks-request = are asking for a certificate
own-asks-new-key = are making a new key
own-asks-install = are installing the certificate for your key
own-asks-lost = are blocking a lost or stolen key on this computer
own-asks-revoke = are signing a request to revoke your certificate
own-tells = are reading a message from Tanba
own-next = Next
own-back = Back
own-waits = Another window of Tanba is open. Finish there or close it: this one opens by itself then. To give up waiting, press Ctrl+C.
own-left = The window was closed, and nothing was done.
own-failed = It could not be brought to an end ({ $what }). Run the command again, or without --window.
own-no-screen = No window could be shown. Run the command where there is a screen, or without --window: --help says what it needs then ({ $what }).

# Asking for a certificate

own-apply-explained = Ask the authority first whether it takes requests in a file. Fill this in as your identity card has it: the authority compares the two. In the next step you choose where the key will be, and check every line.
own-new-key-explained = The key stays with you. Beside it there will be a file with the request, which says only what is shown above. Check every line.
form-whose = Whose key it is
form-whose-person = for myself, a private person
form-whose-organisation = for my work in an organisation
form-position = Your position in the organisation
form-name = First name
form-patronymic = Patronymic (if any)
form-organisation = The organisation's name
form-email = E-mail (optional; everybody can see it)
form-use = What the key is for
form-algorithm = Kind of key
form-surname-missing = Type the surname.
form-name-missing = Type the first name.
form-name-wrong = This cannot be written so: it takes one line of at most 200 characters.
form-iin-missing = Type the IIN: 12 digits without blanks.
form-bin-missing = Type the BIN: 12 digits without blanks.
form-number-short =
    { $count ->
        [one] It takes 12 digits, and this has { $count }. Check the number.
       *[other] It takes 12 digits, and this has { $count }. Check the number.
    }
form-iin-doubtful = The last digit does not fit the others: it looks like a slip. If the IIN is right, press "Next" once more.
form-bin-doubtful = The last digit does not fit the others: it looks like a slip. If the BIN is right, press "Next" once more.
form-organisation-missing = Type the name as the organisation's papers have it.
form-email-wrong = This is no e-mail address. Type it like name@example.kz, or leave the field empty.
own-request-done = made a key and the request for its certificate
own-request-file = The file with the request, for the certification authority
own-request-hand-in = 1. Hand the file with the request (it is named below) in at your certification authority. It is not known whether the NCA takes such files; if it does not, get your key on egov.kz or pki.gov.kz.
own-request-come-back = 2. When the certificate comes, save its file, and press “Install a certificate…” under Keys in Tanba’s window.
own-request-keep-file = Take care of the key file and its password: the certificate is worth nothing without them. The key file itself is for nobody else, not even the authority.
own-request-keep-token = Take care of the token and its PIN: the certificate is worth nothing without them.
own-detail-request-id = Number in Tanba
own-detail-key-place = Where the key is

# Putting the certificate in

own-choose-certificate = Choose the certificate…
own-choose-certificate-explained = Choose the file that the certification authority sent: .cer, .crt, .pem or .p7b. Tanba finds the key that waits for it.
own-import-no-request = None of your keys waits for a certificate in { $path }, or it was installed already. Choose another file.
own-import-anyway = The certificate was not installed, and the key still waits. Ask the certification authority, or choose another file. If you know the reason: tanba keys import FILE --anyway
own-import-unreadable = It could not be read which keys wait for a certificate ({ $what }). Put that right, and choose the file again.
own-detail-waits = Request
own-import-done = installed the certificate
own-import-checked = Checked: you can sign with the key. It is in the list of keys now, and sites can ask you to sign with it.
own-import-backup = Make a backup of the key file on a USB stick: a lost key cannot be restored. Tanba’s window, Keys, “Make a backup…”.

# A key was lost or stolen

own-lost-explained = Choose the key: Tanba stops signing with it at once. Then you are told how to have its certificate revoked, so that nobody accepts the key. Is it not in the list? Add its file or its certificate (a .cer file, no password needed), revoke it on pki.gov.kz, or call 1414.
own-lost-key = Which key to block
own-why = What happened
own-why-lost = lost: the file or the token is gone
own-why-stolen = stolen
own-why-copied = somebody may have a copy, or the password
own-why-other = something else
own-lost-block = Block the key
own-lost-done = blocked the key: Tanba signs nothing with it any more
own-lost-done-before = had blocked this key already
own-detail-serial = Serial number
own-lost-only-here = Tanba blocks the key on this computer only. For nobody to accept it, have its certificate revoked now:
own-lost-revoke = 1. Open your account on pki.gov.kz, or order the revocation on egov.kz (there the certificate is called a registration certificate, регистрационное свидетельство). You can log in with another key, by SMS or by face. An organisation's key is revoked by its head.
own-lost-call = Questions: the contact centre 1414, or 8 800 080 7777 from a mobile, at any hour.
own-lost-look = 2. See in the notifications of egov.kz whether somebody signed without you. If somebody did, go to the police.
own-lost-new = 3. Get a new key on egov.kz or pki.gov.kz.
own-lost-offer = The key is still at hand. It can also sign a request for revocation, but whether the NCA takes it is not known. Step 1 is the sure way.
own-lost-go-on = Sign a request…
own-lost-undo = The key was found: unblock it
own-lost-undone = unblocked the key: you can sign with it again
own-lost-undone-next = If the key was in other hands, do not use it: block it again, and have its certificate revoked.
own-lost-not-undone = The key could not be unblocked ({ $what }). It stays blocked.
own-revoke-explained = Type the password or PIN of this key. It signs nothing but the request for revocation; the file stays with you and goes nowhere by itself.
own-revoke-done = signed a request for revocation
own-revoke-file = The file with the request
own-revoke-hand-in = It was sent nowhere, and the certificate is NOT revoked yet. Whether the NCA takes it is not known: revoke the certificate on pki.gov.kz or egov.kz, and show this file if asked. The key stays blocked.

# Care of a key file

own-care-file = Key file
own-busy-writing = The file is being written and checked…
own-asks-add = are adding a key file to the list
own-add-explained = Type the password of the file, so that it shows whose key it is. The password is not remembered.
own-add = Add
own-add-not-listed = The file opened, but the list of keys could not be written ({ $what }). Put that right and try again.
own-asks-password = are changing the password of a key file
own-password-present = First type the password that the file has now.
own-password-explained = Now think up a new password and type it twice. The key and the certificate stay the same.
own-password-change = Change the password
own-password-done = changed the password of the key file
own-password-elsewhere = Copies of the file that lie elsewhere still open with the old password: replace them or delete them.
own-asks-backup = are making a backup of a key
own-backup-present = First type the password that the file has now.
own-backup-place = Where the backup goes
own-backup-explained = Choose a place, a memory stick for example, and think up a password for the backup; it may be the same one. The copy is read back and opened before it counts.
own-backup = Make the backup
own-backup-done = made a backup of the key; it was read back and opens
own-backup-file = The backup
own-backup-next = Keep it away from this computer. Without its password it is worth nothing: keep the password elsewhere.
own-asks-modern = are making a key file with today's protection
own-modern-explained = Key files of the NCA are protected as was usual long ago. A new file with the same key and the same password is made beside this one, which stays as it is.
own-modern = Make the file
own-modern-done = made a key file with today's protection
own-modern-file = The new file
own-modern-next = NCALayer and old programs may not open it, so the old file was left. To sign with the new one, add it to the list of keys.
