# Settings (tanba settings)

settings-next =
    To change one: tanba settings set SETTING VALUE
    To give it back its default: tanba settings reset SETTING
settings-line-default = { $key } = { $value }
    {"    "}{ $what }
settings-line-own = { $key } = { $value } · set by you
    {"    "}{ $what }
settings-line-administrator = { $key } = { $value } · set by the administrator
    {"    "}{ $what }
settings-set = { $key } = { $value }
settings-reset = { $key } = { $value } (the default)
settings-at-start = It takes effect when Tanba is started again: stop tanba run (Ctrl+C) and start it anew.
settings-empty = (empty)
settings-system = (the system’s)
settings-locked = The administrator of this computer has set { $key } ({ $file }). Only they can change it.
settings-not-allowed = { $key } cannot be “{ $value }”. It may be: { $expected }
settings-unknown = There is no setting { $key }. For a list: tanba settings list
settings-link = Your settings file { $file } is a link, and what it leads to is not written: { $what }. Have it lead to a file that only you can change, or put the file itself there.
settings-value = Value of { $key } (it is not shown):{" "}
settings-no-value = Standard input has no value for { $key }.
settings-password-seen = The password in this value stood on the command line, where other programs and the shell’s history can read it. Better: tanba settings set { $key } -
settings-administrators-file = The administrator’s file: { $file }

run-settings-administrator-broken = The administrator’s settings file { $file } is not right. Tell the administrator ({ $what }).
run-settings-administrator-untrusted = The administrator’s settings file is not used. Only the administrator (root) should be able to change it and the folders above it; tell them ({ $what }).

setting-language = The language of windows, pages and messages
setting-port = The port where Tanba waits for sites; sites look at 13579 only
setting-test-environment = Count the NCA’s test certificates; every window then says TEST
setting-tray = Show in the desktop’s tray how Tanba stands
setting-limits-frame-mebibytes = The longest message of a site, MiB
setting-limits-waiting-requests = How many requests may wait behind the open window
setting-limits-connections = How many connections may be open at once
setting-limits-memory-mebibytes = How much memory all messages together may take, MiB; at least three of the longest and 64 more
setting-signer-idle-seconds = How many seconds the signing program waits for another request when no page is open
setting-services-proxy = The proxy for the NCA’s services: the system’s (system), none, or an address
setting-services-tsp = Where time stamps come from
setting-services-ocsp = Who is asked whether a certificate was revoked; empty: whom the certificate names, if it is the NCA
setting-services-also = Hosts that certificates may name beside the NCA’s (an organisation’s own authority)
setting-services-timeout-seconds = How many seconds an answer of a service is waited for
setting-services-check-before-signing = Before signing, ask whether the certificate was revoked; no answer hinders nothing
setting-notifications-expiry = Warn 30, 14, 7 and 1 days before a key ends, and when a key was revoked
setting-updates-file = The signed file that says which version is the newest: its address or path; empty: nobody is asked
setting-updates-signer = Whose signature on that file is believed: the SHA-256 of the certificate
setting-legacy-file-paths = Whether sites may ask for files of this computer by their paths, as old ones do
setting-legacy-sites = Which sites may, where only listed ones may: their hosts, or exact addresses
