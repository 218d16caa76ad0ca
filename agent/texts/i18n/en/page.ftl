### The local page, and the sentences for those who are refused at the door.

page-title = Tanba
page-language-name = English
page-language = Language
page-checking = Checking the connection…
page-ready = Tanba is ready
page-ready-next = Sites can ask you to sign. You can go back to the site; this page may be closed.
page-untrusted = Almost ready
page-untrusted-next = Tanba answers, but this browser does not trust its local certificate yet. Run this command in a terminal, then restart the browser:
page-unreachable = Tanba does not answer
page-unreachable-next = Reload this page. If that does not help, start Tanba again. A program that inspects secure connections, such as an antivirus, can also be in the way.
page-attention = Sites can ask you to sign. Take note: { $names }
page-attention-next = What to do is written at these lines.
page-fault = Not ready to sign yet: { $names }
page-fault-next = What to do is written at these lines.
page-signed = Everything works: a test file was signed and verified
page-signed-next = If a site still does not let you sign, read this sentence to its help desk and send them the report below.
page-no-script = Tanba is running
page-no-script-next = This page can check nothing more: JavaScript is off in this browser, or the browser is too old. Turn JavaScript on in the browser’s settings, or open this page in a new Chrome or Firefox. Portals need that too.
page-version = Version
page-address = Address

page-refused-malformed = This is not a request that Tanba understands.
page-refused-too-large = The request is too large. Delete the cookies of this computer's own address and try again.
page-refused-host = This address leads to a program on this computer, but not by its own name. Open 127.0.0.1:{ $port } instead.
page-refused-method = Tanba's page can only be looked at.
page-refused-not-found = Tanba has one page: /
page-refused-version = This WebSocket version is not supported.
page-refused-another-user = This Tanba was started by another user of this computer. Ask them to quit it, or log out there; then start your own.
page-refused-unknown-user = The system does not say which user asks, so Tanba does not answer.
