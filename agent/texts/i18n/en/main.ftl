### main: en

# The main window (tanba open)

main-title = Tanba
main-parts = Sections
main-keys = Keys
main-files = Files
main-journal = Journal
main-sites = Sites
main-settings = Settings
main-failed = The main window could not be opened ({ $what }).
main-reading = Reading…
main-undo = Put back
main-gone = This is not in the list any more. The list is up to date now.
main-not-written = The file could not be written ({ $what }).
main-other-window = Another window of Tanba is open. Finish there and press again.
main-in-other-window = Go on in the window that has opened.

main-fact-file = File
main-fact-token = Token
main-fact-reader = Reader
main-fact-library = Library
main-fact-name = Owner
main-fact-iin = IIN
main-fact-organisation = Organisation
main-fact-bin = BIN
main-fact-valid = Valid
main-fact-serial = Serial number
main-fact-issuer = Issued by
main-fact-number = Entry
main-fact-result = Result
main-fact-call = Request
main-fact-program = Program
main-fact-signer = Owner of the key
main-fact-certificate = Certificate, SHA-256
main-fact-documents = Documents, SHA-256
main-fact-site = The whole site
main-fact-since = Since

main-keys-explained = Keys in files that you have used or added, and on the tokens that are plugged in.
main-keys-none = There are no keys yet. Add a key file, or drop it on this window; the keys on a token appear when you plug it in.
main-keys-add = Add a key file…
main-keys-added = { $file } is on the list of keys.
main-keys-read = Show whose key it is…
main-keys-password = Change the password…
main-keys-backup = Make a backup…
main-keys-modernise = Make a file with today's protection…
main-keys-request = Request a certificate…
main-keys-import = Install a certificate…
main-keys-lost = A key was lost…
main-keys-export = Save the certificate to a file
main-keys-forget = Remove from the list
main-keys-exported = The certificate is saved: { $file }. It holds no secret and can be given to others.
main-forgotten = { $file } is off the list. The file itself stays where it is.
main-remembered = { $file } is on the list again.
main-keys-unread = Whose key it is will be known when it is opened with its password.
main-keys-file-missing = The file is not there. If it is on a memory stick, plug it in; if it was moved, choose it in the signing window.
main-keys-no-token = does not work
main-keys-days =
    { $days ->
        [0] last day
        [one] { $days } day
       *[other] { $days } days
    }
main-keys-expired = expired
main-keys-expired-next = It has expired and cannot sign. A new key is issued at egov.kz or pki.gov.kz.
main-keys-not-yet = not valid yet
main-keys-blocked = blocked
main-keys-blocked-since = You blocked this key ({ $since }). To unblock it: tanba keys unblock { $serial }
main-keys-ends-soon = It ends soon. While the key is valid, get a new one in your account on pki.gov.kz (“Перевыпуск ключей ЭЦП”).
main-keys-test = A test key: it signs no real documents.

main-files-explained = Drop a file on this window to sign it or to check its signature.
main-files-none = There are no files yet. Drop a file here, or press “Choose a file…”.
main-files-choose = Choose a file…
main-files-no-chooser = This computer has nothing to choose files with. Drop the file on this window.
main-files-sign = Sign…
main-files-verify = Check the signature
main-files-away = Remove from the list
main-files-verifying = Checking { $file }…
main-files-stopped = The check was stopped.
main-files-more = There is more than fits here. All of it: tanba verify FILE
main-files-signed = signed
main-files-good = signature is good
main-files-bad = not confirmed
own-asks-sign = are signing a file
own-sign-done = have signed the file
own-sign-file = The signed file; the document is inside
own-sign-next = Give the file named below to whoever asked for it. The document itself has not changed.

main-journal-explained = What sites had you sign and show, and when. Tanba keeps no documents, and the files that you sign here yourself are not listed.
main-journal-search = Search
main-journal-check = Check that the journal is whole
main-journal-none = No decisions yet.
main-journal-none-fit = Nothing was found.
main-journal-failed = failed

main-sites-explained = Sites that you have answered. A site that is forgotten asks again as if for the first time.
main-sites-none = You have not answered any site yet.
main-sites-seen = answered
main-sites-allowed = may ask
main-sites-blocked = blocked
main-sites-blocked-note = This site does not ask you. Forget it, and it can ask for signatures again.
main-sites-paths = This site may read and save your files without asking.
main-sites-forget = Forget this site

main-check = Check
main-check-explained = What can be in the way of signing: the link to sites, browsers, the clock, the NCA's services, tokens, keys.
main-check-again = Check again
main-check-report = Save a report
main-check-looking = Checking. This takes up to 30 seconds…
main-check-mending = Fixing…
main-check-mend = Fix
main-check-reported = The report is saved: { $file }. It has no names, numbers or folders of yours and can be sent to a help desk.
main-check-good = fine
main-check-unknown = unknown
main-check-warning = attention
main-check-bad = in the way

main-settings-explained = Change only what you understand: usually nothing here needs a change.
main-settings-locked = The administrator of this computer has set this; only they can change it.
main-settings-at-start = It takes effect when Tanba is started again.
main-settings-expected = Allowed: { $expected }
main-settings-on = yes
main-settings-off = no
main-settings-kk = Қазақша
main-settings-ru = Русский
main-settings-en = English
main-settings-ask = you are asked
main-settings-listed = only listed sites
main-settings-never = never
main-settings-set = Save
main-settings-reset = Use the default
main-settings-saved = Saved.
main-settings-saved-at-start = Saved. It takes effect when Tanba is started again.
main-settings-not-allowed = “{ $value }” does not fit. Allowed: { $expected }

main-about = About
main-about-explained = What this program is, where it keeps its files, and what it says of itself.
main-about-program = Signing with the electronic signature of Kazakhstan, on this computer
main-about-licence = Free software: the source is open, under the Apache License 2.0 or the MIT licence, as you like.
main-about-others = This is not a program of the NCA. The windows are made with Slint.
main-about-folders = Folders
main-about-folders-what = Settings, the list of keys, the journal and the log
main-about-config = Settings
main-about-data = Data and the journal
main-about-state = State, the journal’s head, the log
main-log = Log
main-log-what = What Tanba did for sites and what went wrong; no documents, no passwords
main-log-none = The log is empty. It begins when Tanba serves sites.
main-log-all = Everything
main-log-grave = Only what went wrong
main-log-read = Read anew
main-log-save = Save to a file
