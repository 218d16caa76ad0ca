### The icon in the desktop's tray, its menu, and starting at login.

tray-ready = Ready: sites can ask for signatures
tray-waiting =
    { $count ->
        [one] { $count } request waits for your answer
       *[other] { $count } requests wait for your answer
    }
tray-unreached = Sites cannot reach Tanba: no browser trusts its certificate
tray-unreached-by-some = One of the browsers does not trust Tanba’s certificate
tray-key-soon = One of your keys ends within 30 days
tray-key-ended = One of your keys has ended
tray-key-revoked = One of your keys was revoked
tray-paused = Paused until { $until }: requests are refused
tray-refused =
    { $count ->
        [one] { $count } request was refused meanwhile
       *[other] { $count } requests were refused meanwhile
    }
tray-open = Open Tanba
tray-check = Check
tray-pause = Pause for an hour
tray-go-on = Go on
tray-quit = Quit

autostart-why = Lets sites ask for electronic signatures
autostart-on = Tanba starts when you log in.
autostart-off = Tanba does not start when you log in. To have it start: tanba autostart on
autostart-disabled = There is an entry for Tanba, but it is switched off in the desktop’s list of programs that start at login. To switch it on: tanba autostart on
autostart-gone = At login { $program } is started, which is not there any more. To have this Tanba started: tanba autostart on
autostart-elsewhere = At login another command is started: { $program }. To have this Tanba started: tanba autostart on
autostart-unreadable = The entry for starting at login cannot be understood. To write it anew: tanba autostart on
autostart-file = The entry: { $file }
autostart-turned-on = Tanba will start when you log in.
autostart-turned-off = Tanba will not start any more when you log in. One that runs goes on.
open-not-started = Tanba could not be started; the command tanba run says why. The window opens all the same.

quit-done = Tanba has ended. To start it again: tanba open
quit-nobody = Tanba does not run.
quit-failed = Tanba could not be ended: { $what }
quit-late = it has not ended yet
