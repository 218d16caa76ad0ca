### The check page: for each line its name, why it matters, what was found, and what to do next.
### Words between backticks are typed in a terminal.

check-part-browser = This browser
check-part-agent = Tanba on this computer
check-part-sign = Try it: a test signature
check-part-report = A report for the help desk

check-state-waiting = Checking…
check-state-ok = Fine
check-state-attention = Take note
check-state-fault = Does not work
check-state-unknown = Not known
check-why = Why this matters
check-again = Check again

# The browser

check-browser = Browser
check-browser-why = Portals work only in browsers that are new enough: Chrome 85, Firefox 86, Edge 14, Safari 16, or newer.
check-browser-fit = Sites see this browser as { $browser }: new enough for portals.
check-browser-unlisted = Portals do not name this browser ({ $browser }). Inside it is like Chrome { $engine }, and it usually works.
check-browser-unlisted-next = If a site refuses it, open that site in Chrome, Firefox, Edge or Safari.
check-browser-old = Sites see this browser as { $browser }. Portals need { $needed } or newer.
check-browser-old-next = Update the browser, or install another one, and open this page in it.
check-browser-unknown = This browser does not say clearly what it is.
check-browser-unknown-next = If a site does not work, try it in Chrome or Firefox.

check-script = JavaScript
check-script-why = Without it a site can neither ask Tanba nor show you the answer.
check-script-on = JavaScript is on.

check-cookies = Cookies
check-cookies-why = With them a portal remembers that you have logged in.
check-cookies-on = The browser keeps cookies.
check-cookies-off = The browser does not keep cookies, so portals will not let you log in.
check-cookies-off-next = Open the browser’s settings, find “Privacy”, allow cookies, and check again.

check-crypto = Digests in the browser
check-crypto-why = Before you sign, many portals compute a document’s digest in the browser.
check-crypto-works = The browser computes digests correctly.
check-crypto-missing = The browser cannot compute digests, or computes them wrongly.
check-crypto-missing-next = Update the browser. If that does not help, open this page in Chrome or Firefox.

check-blocker = Blockers
check-blocker-why = A blocker of ads or scripts can keep a site from Tanba without a word: you press “Sign”, and nothing happens.
check-blocker-none = No blocker has touched this page.
check-blocker-some = A blocker has hidden a part of this page.
check-blocker-some-next = If a site does not find Tanba, turn the blocker off for that site and load the site again.

check-network = Sites’ way to this computer
check-network-why = Newer browsers ask, for each site, whether it may reach programs on this computer. Without your yes the site does not find Tanba.
check-network-absent = This browser asks for no such permission.
check-network-granted = This page may reach this computer. Each site has a permission of its own.
check-network-asked = What you have allowed other sites cannot be seen from here: the browser asks about each one by itself.
check-network-asked-next = When the browser asks whether a site may reach this computer or its local network, choose “Allow”. If you have refused before, click the sign to the left of the site’s address and allow it there.
check-network-denied = The browser refuses this page the way to this computer.
check-network-denied-next = Click the sign to the left of the address and allow access to this computer or the local network. On a computer at work ask your administrator.

# Tanba

check-socket = Link to Tanba
check-socket-why = Over this link sites ask you to sign.
check-socket-answers = Tanba answers this page.
check-socket-silent = Tanba does not answer this page.
check-socket-silent-next = Load the page again. If that does not help, start Tanba again. A blocker, or an antivirus that looks into secure connections, can be in the way too.

check-tls = Secure link
check-tls-why = Sites reach Tanba only over a secure link, and only if the browser trusts Tanba’s certificate on this computer.
check-tls-trusted = The browser trusts Tanba’s certificate.
check-tls-untrusted = The browser does not trust Tanba’s certificate yet, so sites do not find Tanba.
check-tls-untrusted-next = Run `tanba trust install` in a terminal, then close the browser and start it again.
check-tls-unknown = This can only be told when Tanba answers.
check-tls-unknown-next = First see to the link to Tanba.

check-extension = Browser extension
check-extension-why = An extension can carry a site’s request where a browser lets no site reach this computer.
check-extension-absent = No Tanba extension is in this browser. It is not needed here.
check-extension-there = The Tanba extension { $version } is in this browser.

check-tokens = Token
check-tokens-why = A key on a token or a card is seen only when its maker’s driver is installed.
check-tokens-seen = Tanba sees: { $tokens }.
check-tokens-none = Tanba sees no token.
check-tokens-none-next = If your key is in a file, you need nothing. If it is on a token, plug it in, install its maker’s driver, and check again.
check-tokens-unknown = Tanba did not say which tokens it sees.
check-tokens-unknown-next = Check again. If your key is in a file, you need nothing.

check-clock = Clock
check-clock-why = The time stands in every signature. If it is wrong, a site may refuse the signature.
check-clock-agree = Browser and Tanba show the same: { $time }. Compare it with your phone.
check-clock-browser = The browser shows { $browser-time }, Tanba { $agent-time }. Probably the browser is wrong: Tanba reads the computer’s own clock.
check-clock-browser-next = Turn off add-ons that change or hide the time, start the browser again, and check again.
check-clock-agent = The browser shows { $browser-time }, Tanba { $agent-time }. Tanba is wrong: at that time this version did not exist.
check-clock-agent-next = Set the date and time of the computer that Tanba runs on, then start Tanba again.
check-clock-past = The computer shows { $time }. That is wrong: at that time this version of Tanba did not exist.
check-clock-past-next = In the computer’s settings turn on the automatic date and time, then check again.
check-clock-zone = The computer’s time zone is out of date ({ $zone }): since 1 March 2024 all of Kazakhstan has UTC+5.
check-clock-zone-next = Update the system. Do not move the clock by hand: the time in your signatures would be an hour off.

# Key and signature

check-keys = Key
check-keys-why = To sign you need a key of the NCA that has not expired.
check-keys-asked = This page does not look at your keys.
check-keys-asked-next = A test signature shows whether a key is ready.
check-keys-ready = Signed with your key. The key is valid until { $date }; days left: { $days }.
check-keys-ending = Signed with your key, but the key is valid only until { $date }; days left: { $days }.
check-keys-ending-next = Get a new key while this one is valid: then it can be done from home, with this key.
check-keys-unread = Signed with your key. How long it is valid could not be read here.
check-keys-unread-next = `tanba keys list` shows how many days are left.

check-sign = Test signature
check-sign-why = It goes the whole way that a site’s request goes: browser, Tanba, its window, your key, the signature, and the look whether it holds.
check-sign-explained = The page makes a small text. Tanba’s window asks for a key and its password, signs the text, and verifies the signature. It obliges you to nothing; text and signature stay on this computer.
check-sign-button = Sign a test file
check-sign-open = Tanba’s window is open. Choose a key there, type its password, and press “{ window-sign }”. If you do not see it, look behind the browser.
check-sign-verifying = Signed. Now Tanba verifies the signature…
check-sign-not-yet = Nothing has been signed yet.
check-sign-not-yet-next = Press “{ check-sign-button }”.
check-sign-good = Signed. Tanba has verified the signature: it fits this very text and does not fit a changed one.
check-sign-cancelled = Nothing was signed: the window was closed.
check-sign-cancelled-next = Press “{ check-sign-button }” again. If no window opens at all, this page has been blocked; this lifts it: `tanba sites forget { $origin }`
check-sign-failed = It could not be signed (code: { $code }).
check-sign-failed-next = Do what Tanba’s window said. If there was no window, start Tanba again and try once more.
check-sign-bad = A signature was made, but Tanba does not find it good.
check-sign-bad-next = Try again, with another key if you have one. If it happens again, do not sign with this key and send the report to the help desk.
check-sign-unverified = Signed, but the signature could not be verified just now.
check-sign-unverified-next = Close other windows of Tanba and press “{ check-sign-button }” again.
check-sign-lost = There is no link to Tanba.
check-sign-lost-next = See whether Tanba is running, load this page again and try once more.
check-sign-files = Files of this test:
check-sign-file-text = The text
check-sign-file-signature = The signature, with the text inside
check-sign-sample = This is a test of signing with Tanba, made on { $time }. It obliges nobody to anything.

# The report

check-report-explained = It says what stands above. No names, no IIN or BIN, no paths.
check-report-copy = Copy the report
check-report-copied = Copied. Paste it into a message.
check-report-by-hand = The report is marked. Press Ctrl+C to copy it.
check-report-text = The report’s text
