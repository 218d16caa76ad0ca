### tanba doctor: for each thing its name, why it matters, what was found, and what to do next.
### What the check page looks at too has its words from check.ftl.

doctor-looking = Looking: { $names }
doctor-verdict-good = No fault was found.
doctor-verdict-notes = { $count ->
    [one] No fault was found. Take note of { $count } thing above.
   *[other] No fault was found. Take note of { $count } things above.
}
doctor-verdict-faults = Faults found: { $count }. What to do stands at each.
doctor-report-person = (name left out)

# Settings

doctor-settings = Settings file
doctor-settings-why = While it cannot be read, Tanba does not start.
doctor-settings-fine = The settings can be read.
doctor-settings-broken = { $file } cannot be used: { $what }.
doctor-settings-line = line { $line } cannot be understood
doctor-settings-value = { $key } cannot be “{ $value }”; it can be: { $expected }
doctor-settings-owned-by-others = { $path } belongs to another user
doctor-settings-writable-by-others = others can change { $path }
doctor-settings-unreadable = it cannot be read
doctor-settings-no-text = it is no settings file
doctor-settings-broken-next = Correct that line, or rename the file: the defaults then hold.
doctor-settings-administrator-next = The file is your administrator’s. Show them this line.
doctor-settings-unknown = { $file } has a setting that Tanba does not know: { $key }. It is ignored.
doctor-settings-unknown-next = Look for a slip in its name; `tanba settings list` shows all of them.

# Folders

doctor-folders = Tanba’s folders
doctor-folders-why = Settings, the list of keys and the journal lie in them. Others of this computer must neither read nor change them.
doctor-folders-private = Only you can enter them.
doctor-folders-open = Other users of this computer can enter { $path }.
doctor-folders-open-next = Close the folder to others: `chmod 700 FOLDER`
doctor-folders-foreign = { $path } belongs to another user, perhaps because Tanba was once started with sudo.
doctor-folders-foreign-next = Give it back to yourself: `sudo chown -R "$USER" FOLDER`. Do not start Tanba with sudo.
doctor-folders-unreadable = { $path } cannot be looked at: { $what }.

# The port

doctor-port = Port of this computer
doctor-port-why = Sites look for a signing program at one port only. Whoever has it is who they find.
doctor-port-tanba = Tanba has port { $port } (process { $pid }).
doctor-port-nobody = Nobody listens at port { $port }: Tanba is not running.
doctor-port-nobody-next = Start Tanba: `tanba run`
doctor-port-elsewhere = Tanba is running, but at port { $other }; sites look at { $port }.
doctor-port-elsewhere-next = Quit Tanba and start it again without --port.
doctor-port-half = Tanba has port { $port } for IPv4 only; at ::1 it is not Tanba that answers.
doctor-port-half-next = Quit Tanba and start it again. If it then says that the port is taken, quit the program that it names.
doctor-port-ncalayer = NCALayer (process { $pid }) has port { $port }, so sites find it and not Tanba.
doctor-port-ncalayer-next = Sites can reach only one of the two. Quit NCALayer, take it out of the programs that start by themselves, and start Tanba.
doctor-port-other = { $program } (process { $pid }, { $path }) has port { $port }, so sites do not find Tanba.
doctor-port-other-next = Quit the program that has the port, then start Tanba: `tanba run`
doctor-port-another-user = Another user of this computer has port { $port }. A port is there once for all users, so your sites meet their program, and it refuses you.
doctor-port-another-user-next = Ask them to quit it, or log out there. Until then you can sign files without a site: `tanba sign FILE`. On a server with several users the administrator can give each of you a network of your own; a Tanba at another port helps only with sites that can be told of it.
doctor-port-hidden = A program has port { $port }, and the system does not say which.
doctor-port-unknown = Who has port { $port } could not be found out: { $what }.
doctor-port-unusual = The settings name port { $port }; sites look at { $standard }.
doctor-port-unusual-next = Give the setting its default again, `tanba settings reset port`, and start Tanba anew.

# Starting at login

doctor-autostart = Starting at login
doctor-autostart-why = Sites find Tanba only while it runs.
doctor-autostart-on = Tanba starts when you log in.
doctor-autostart-off = Tanba does not start when you log in: after the next login sites will not find it.
doctor-autostart-disabled = Tanba is switched off in the desktop’s list of programs that start at login.
doctor-autostart-gone = At login { $program } is started, which is not there any more: nothing will start.
doctor-autostart-elsewhere = At login another Tanba than this one, or another command, is started: { $program }.
doctor-autostart-unreadable = The entry for starting at login cannot be understood: nothing will start.
doctor-autostart-unknown = Whether Tanba starts at login could not be found out: { $what }.
doctor-autostart-next = To have this Tanba start when you log in: `tanba autostart on`

# The link to Tanba

doctor-socket-answers = Tanba answers at port { $port }.
doctor-socket-silent = Tanba has port { $port } and does not answer there.
doctor-socket-silent-next = Quit Tanba and start it again. If it does not quit, end its process.
doctor-tls-own = Tanba answers with its own certificate.
doctor-tls-resigned = At Tanba’s address another certificate is shown, issued by “{ $issuer }”. Something looks into secure connections of this computer: an antivirus, or a proxy.
doctor-tls-resigned-next = In the settings of that program, exclude 127.0.0.1 and localhost from its inspection of secure connections (HTTPS).
doctor-tls-stale = Tanba answers with another local certificate than the one it keeps now.
doctor-tls-stale-next = Quit Tanba and start it again. If two Tanbas run with folders of their own, quit one.

# The local certificate

doctor-leaf = Local certificate
doctor-leaf-why = With it Tanba proves to the browser that it is on this computer. It serves for nothing else.
doctor-leaf-fine = It is there, valid until { $until }.
doctor-leaf-missing = It is not there yet.
doctor-leaf-missing-next = Make it: `tanba trust install`
doctor-leaf-unusable = Its file cannot be used: { $what }.
doctor-leaf-ends-soon = It is valid only until { $until }. While Tanba runs it renews it by itself.
doctor-leaf-ends-soon-next = Start Tanba, or renew the certificate now: `tanba trust install`
doctor-leaf-ended = It is not valid any more, or not yet: until { $until }.

# Browsers

doctor-browser = Trust of browsers
doctor-browser-why = A browser that does not trust the local certificate lets no site reach Tanba.
doctor-browser-trusts = { $browser } trusts it · { $path }
doctor-browser-trusts-not = { $browser } does not trust it · { $path }
doctor-browser-trusts-not-next = Run `tanba trust install`, then close the browser and start it again.
doctor-browser-locked = { $browser } keeps its certificates under a primary password · { $path }
doctor-browser-locked-next = Open Tanba’s page, https://127.0.0.1:13579/, in this browser and accept the certificate there.
doctor-browser-unusable = The store of { $browser } cannot be used ({ $what }) · { $path }
doctor-browser-unusable-next = Close the browser and look again. If that does not help, make a new profile in it.
doctor-browser-none = No browser keeps certificates in this home folder yet.
doctor-browser-none-next = Make a store for Chromium: `tanba trust install`. Firefox makes its own when it is started for the first time.
doctor-browser-unknown = Which browsers trust it could not be found out. { $what }
doctor-browser-unknown-next = Then look again.

# Other authorities

doctor-authority = Other authorities
doctor-authority-why = Whoever stands there may vouch for any web site: a bank’s too. Tanba needs nobody there.
doctor-authority-none = No authority was added to the browsers of this home folder.
doctor-authority-nca = { $browser } believes “{ $name }” for every web site. NCALayer puts it there and leaves it behind · { $path }
doctor-authority-nca-next = If you do not use NCALayer any more, take it out. Signatures and keys do not need it.
doctor-authority-other = { $browser } believes “{ $name }” for every web site · { $path }
doctor-authority-other-next = An antivirus or your employer may have put it there. If you do not know it, ask; if nobody needs it, take it out.
doctor-authority-unknown = Whom browsers believe could not be found out. { $what }

# The extension

doctor-extension-absent = No browser extension is connected to Tanba here, and none is needed: sites come over the port.
doctor-extension-manifest = { $browser } knows the program { $program } · { $path }
doctor-extension-broken = { $browser } was told of a program that is not there: { $program } · { $path }
doctor-extension-broken-next = Delete that file, or install Tanba again.

# What an administrator says

doctor-network-free = No administrator has laid down anything about it here: the browser asks you about each site.
doctor-network-allowed = { $browser } lets these sites reach this computer without asking: { $sites } · { $path }
doctor-network-blocked = { $browser } keeps these sites from this computer: { $sites } · { $path }
doctor-network-blocked-next = Ask your administrator for LoopbackNetworkAllowedForUrls with the sites on which you sign.
doctor-network-unreadable = What an administrator laid down for { $browser } cannot be read ({ $what }) · { $path }

# The clock

doctor-clock-agrees = This computer shows { $ours }, as does { $whose }.
doctor-clock-wrong = This computer shows { $ours }, but { $whose } shows { $theirs }: { $seconds ->
    [one] { $seconds } second apart.
   *[other] { $seconds } seconds apart.
}
doctor-clock-unknown = No service said what time it is.
doctor-clock-unknown-next = Compare the computer’s clock with your phone.

# Services

doctor-services = Way to the NCA
doctor-services-why = Before you sign, Tanba asks whether a certificate was revoked; many sites want a time stamp.
doctor-services-offline = The services were not asked.
doctor-services-offline-next = Without --offline they are.
doctor-services-proxy = The proxy of the settings cannot be used.
doctor-services-proxy-next = Set its address, http://host:port, or system, or none: `tanba settings set services.proxy ADDRESS`
doctor-ocsp = Status of certificates (OCSP)
doctor-ocsp-why = Here Tanba asks whether a key was revoked. Without an answer you can sign all the same, but do not learn of it.
doctor-crl = Lists of revoked certificates (CRL)
doctor-crl-why = They are asked when OCSP gives no answer.
doctor-tsp = Time stamps (TSP)
doctor-tsp-why = A time stamp proves when you signed. Many sites take no signature without it.
doctor-service-answers = The service answers.
doctor-service-fails = No usable answer. { $what }
doctor-service-fails-next = Open https://pki.gov.kz in a browser. If it does not open either, it is the network or the NCA: try later. If it opens, see to the proxy in the settings.
doctor-tsp-fails-next = Until it answers, sign without a time stamp where the site allows it. See whether https://pki.gov.kz opens, and to the proxy in the settings.

# Tokens

doctor-tokens-fine = { $count ->
    [0] Drivers work: { $vendors }. No token is plugged in.
    [one] Drivers work: { $vendors }. One token is plugged in.
   *[other] Drivers work: { $vendors }. Tokens plugged in: { $count }.
}
doctor-tokens-none = No driver of tokens is installed.
doctor-tokens-fault = The driver { $vendor } brings no tokens. { $what } · { $path }
doctor-tokens-refused = The driver { $vendor } is not loaded. { $what }
doctor-tokens-file = { $what }
doctor-tokens-file-line = { $file }: line { $line } cannot be understood. No library of tokens is asked until it is right.
doctor-tokens-file-unreadable = { $file } cannot be read. No library of tokens is asked until it can.
doctor-tokens-readers = The service for card readers (pcscd) is not running. Most tokens and the identity card are reached through it.
doctor-tokens-readers-next = If your key is on a token or a card: `sudo systemctl enable --now pcscd.socket`. If there is no such service, install the package pcscd (pcsc-lite). A key in a file needs nothing.

# Keys

doctor-keys-ready = { $count ->
    [one] One key is ready, until { $until }.
   *[other] Keys that are ready: { $count }; the last of them until { $until }.
}
doctor-keys-none = No key is ready to sign.
doctor-keys-none-next = Add a key file: `tanba keys add FILE.p12`. A key on a token is seen when you sign with it.
doctor-keys-missing = The key file is not where it was: { $file }
doctor-keys-missing-next = If it is on a flash drive, plug that in. If you moved it, add it again: `tanba keys add FILE.p12`. If it is gone, have it forgotten: `tanba keys remove FILE.p12`
doctor-keys-unreadable = { $file }: { $what }
doctor-keys-open = Other users of this computer can read the key file { $file }.
doctor-keys-open-next = Close it to others: `chmod 600 FILE.p12`. Its password protects it only as long as nobody guesses it.
doctor-keys-ends-soon = The key of { $name } ends on { $until }.
doctor-keys-ended = The key of { $name } ended on { $until }.
doctor-keys-ended-next = Get a new key on egov.kz or pki.gov.kz.
doctor-keys-revoked = The certificate of { $name } has been revoked since { $since }: its signatures are not accepted.
doctor-keys-lists = A list in Tanba’s data folder cannot be read, and nothing signs until it can: { $what }.
doctor-keys-lists-next = Put the file back from a copy. If there is none, rename it, and block again the keys that were lost: `tanba keys lost`

# The journal

doctor-journal = Journal
doctor-journal-why = In it you can read later what was signed, and for whom.
doctor-journal-whole = { $count ->
    [one] It is whole: { $count } decision.
   *[other] It is whole: { $count } decisions.
}
doctor-journal-none = It is empty.
doctor-journal-broken = It is not as Tanba wrote it: something was changed or removed.
doctor-journal-broken-next = `tanba journal check` shows where. Copy the folder before you do anything, in case you have to prove it.
doctor-journal-unknown = It could not be checked: { $what }.
doctor-journal-unknown-next = Run `tanba journal check`; it says what is wrong.

# The looks

doctor-look = The look itself
doctor-look-why = What was not looked at may still be in the way.
doctor-look-late = This took too long and was left: { $area }.
doctor-look-late-next = Look again. If it happens again, start the computer anew.

# Mending

doctor-fix-start = Start Tanba now? (yes/no)
doctor-fix-trust = Have all browsers of this home folder trust the local certificate? (yes/no)
doctor-fix-renew = Make the local certificate anew, and have the browsers that trusted the old one trust it? (yes/no)
doctor-fix-tighten = Close it to other users? (yes/no)
doctor-fix-take-out = Take “{ $name }” out of this store of { $browser }? (yes/no)
doctor-fix-forget = Forget this file? The file itself is not touched. (yes/no)
doctor-fix-set-aside = Rename { $file }, so that the defaults hold? (yes/no)
doctor-fix-reset-port = Give the port its default, { $standard }? (yes/no)
doctor-fix-autostart = Have this Tanba start when you log in? (yes/no)
doctor-fix-done = Mended: { $what }
doctor-fix-failed = Not mended: { $what } ({ $why })
doctor-fix-left = Left as it is: { $code }
doctor-fix-not-named = Left as it is, for this needs a yes of its own: tanba doctor --fix { $code }
doctor-fix-nothing = There is nothing here that the program could mend.
doctor-fix-how = To mend it: tanba doctor --fix { $code }
