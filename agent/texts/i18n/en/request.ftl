### request: en

# Asking for a certificate (tanba keys request, pending, import, renew)

keys-password-new = New password for { $file }:
keys-password-again = The same password again:
keys-password-differs = The two passwords are not the same. Nothing was done; start again.
keys-password-empty = A key file has to have a password. Nothing was done; start again and give one.
keys-password-rule = Other programs, NCALayer among them, may refuse this password: they want 6 to 32 characters with a capital and a small Latin letter and a digit.

keys-request-name-wrong = "{ $value }" cannot be written into a certificate. Write a name in one line of at most 200 characters.
keys-request-email-wrong = "{ $value }" is not an e-mail address. Write it as name@example.kz.
keys-request-iin-wrong = An IIN has 12 digits, and "{ $value }" was typed. Check it.
keys-request-bin-wrong = A BIN has 12 digits, and "{ $value }" was typed. Check it.
keys-request-iin-doubtful = The last digit of the IIN { $value } does not fit the others: it looks like a slip.
keys-request-bin-doubtful = The last digit of the BIN { $value } does not fit the others: it looks like a slip.
keys-request-doubtful-ask = Is the number right all the same? (yes/no)
keys-request-doubtful-left = Nothing was made. Check the number and run the command again.
keys-request-doubtful-cancel = The key and the request were made with { $numbers }. If that is a slip, begin anew: tanba keys pending cancel { $id }, then tanba keys request with the right number and other file names.
keys-request-organisation-needed = For a position in an organisation its name and number are needed: add --organisation and --bin.
keys-request-organisation-unwanted = A personal key has no organisation. Leave out --organisation and --bin, or say the position: --for employee.
keys-request-one-file = The key and the request cannot be one file: { $path }. Give them two names.
keys-request-made =
    The new key is in { $key }
    The request for its certificate is in { $request }
keys-request-subject = It speaks of: { $subject }
keys-request-next =
    What comes next:
    1. Take { $request } to your certification authority. The key stays with you.
       It is not known whether the NCA takes such files; if it does not, get a key on egov.kz or pki.gov.kz and add it: tanba keys add FILE.p12
    2. If you are given a number, write it down: tanba keys pending number { $id } --number NUMBER --date DD.MM.YYYY
    3. When the certificate has come: tanba keys import CERTIFICATE.cer
keys-request-keep-file = Keep the key file and its password: without them the certificate is worth nothing.
keys-request-keep-token = Keep the token and its PIN: without them the certificate is worth nothing.
keys-request-made-on-token =
    The new key is on the token { $key } and cannot leave it.
    The request for its certificate is in { $request }
keys-request-out-needed = Say where the key shall be: --out KEY.p12 for a file, or --token NAME --csr REQUEST.csr for a token.
keys-request-token-unsupported = This token makes no GOST keys. Try --algorithm rsa2048, or make the key in a file: --out KEY.p12

keys-pending-none = No request waits for a certificate. Make one: tanba keys request
keys-pending-line = { $id } · { $name } · { $algorithm } · since { $created }
keys-pending-place = { "  " }The key is in { $place }
keys-pending-filed = { "  " }Number { $number } of { $date }
keys-pending-not-filed = { "  " }Not filed yet, as far as is known here
keys-pending-damaged = A file about a request could not be understood and was set aside: { $path }
keys-pending-number-wrong = Give the number in one line of at most 64 characters, and the date as 2026-11-27 or 27.11.2026.
keys-pending-noted = Noted: { $name }, number { $number }.
keys-pending-unknown = No request that waits is called { $id }. List them with: tanba keys pending
keys-pending-several = Several requests begin with "{ $id }". Give more of the name; list them with: tanba keys pending
keys-still-waiting = This key still waits for its certificate. When it has come: tanba keys import CERTIFICATE.cer
keys-pending-cancelled =
    The request of { $name } is forgotten here. If it was filed, tell the authority too.
    The key stays in { $place }; remove it yourself if you do not need it.

keys-import-not-a-certificate = There is no certificate in { $path }. A .cer, .crt, .pem or .p7b file from the authority is needed.
keys-import-no-request = No request waits for the certificate in { $path }, or it is already installed. If you have the key file, name it: --key KEY.p12
keys-import-done-token = The certificate is on the token { $token }. Checked: you can sign with the key.
keys-import-not-of-key = The certificate does not belong to the key in { $path }, which was left as it is. Choose the file that was made with the request: tanba keys pending
keys-import-occupied = { $path } holds more than one key, or what cannot be written again, and was left as it is. Choose the file that was made with the request.
keys-import-unknown-authority = Tanba does not know the authority that issued this certificate. If you do not know it either, ask your administrator, or call 1414, before you add it. The command for that: tanba trust ca add
keys-import-test-authority = A test authority issued this certificate, and the test environment is off: signatures made with this key would have no legal force.
keys-import-not-yet = The certificate is valid only from { $from }. Check the clock of this computer, or wait until then.
keys-import-expired = The certificate expired on { $until }. Check the clock of this computer; if it is right, ask for a new certificate.
keys-import-revoked = The certificate was revoked on { $since }: nobody accepts signatures made with its key. Ask the authority for another one.
keys-import-anyway = Nothing was written, and the key goes on waiting. If you know why this is so and want it all the same, add --anyway.
keys-import-other-subject =
    The certificate was issued to somebody else than the request names. Ask the authority before you use it.
    Asked for: { $asked }
    Issued to: { $got }
keys-import-done = The certificate is in { $path }. Checked: you can sign with the key. It is in the list of keys now.
keys-import-former = The former key is valid for now. If you do not need it, revoke it on pki.gov.kz.

keys-renew-expired = The certificate expired on { $until } and can no longer ask for its successor. Get a new key on egov.kz or pki.gov.kz.
keys-renew-revoked = The certificate of this key was revoked on { $since }, and no authority takes a request that it signs. No new key was made. Get one on egov.kz or pki.gov.kz; if you did not have it revoked, call 1414.
keys-status-offline = The NCA was not asked whether the certificate was revoked (--offline).
keys-status-nobody = Whether the certificate was revoked is not known: it names nobody who could be asked.
keys-status-unknown = Whether the certificate was revoked could not be found out: { $what } Go on, or try again later.
keys-renew-next =
    The request is signed with your present key, which stays valid for now.
    What comes next:
    1. Take { $request } to your certification authority. It is not known whether the NCA takes such files;
       if it does not, first cancel this one (tanba keys pending cancel { $id }), have the key reissued in your account
       on pki.gov.kz and add it: tanba keys add FILE.p12
    2. If you are given a number, write it down: tanba keys pending number { $id } --number NUMBER --date DD.MM.YYYY
    3. When the certificate has come: tanba keys import CERTIFICATE.cer
