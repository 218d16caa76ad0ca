### Хабарландыру аймағындағы белгіше, оның мәзірі және жүйеге кіргенде іске қосылу.

tray-ready = Дайын: сайттар қол қоюды сұрай алады
tray-waiting = Жауабыңызды күтіп тұрған сұрау саны: { $count }
tray-unreached = Сайттар Tanba-ны таппайды: браузерлер оның сертификатына сенбейді
tray-unreached-by-some = Браузерлердің бірі Tanba сертификатына сенбейді
tray-key-soon = Бір кілтіңіздің мерзімі 30 күн ішінде бітеді
tray-key-ended = Бір кілтіңіздің мерзімі бітті
tray-key-revoked = Бір кілтіңіз қайтарып алынды
tray-paused = Кідіріс { $until } дейін: сұраулар қабылданбайды
tray-refused = Осы уақытта қабылданбаған сұрау саны: { $count }
tray-open = Tanba-ны ашу
tray-check = Тексеру
tray-pause = Бір сағатқа кідірту
tray-go-on = Жалғастыру
tray-quit = Шығу

autostart-why = Сайттар электрондық қолтаңбаны сұрай алуы үшін
autostart-on = Tanba жүйеге кіргенде іске қосылады.
autostart-off = Tanba жүйеге кіргенде іске қосылмайды. Қосылуы үшін: tanba autostart on
autostart-disabled = Tanba туралы жазба бар, бірақ ол жұмыс үстелінің жүйеге кіргенде іске қосылатын бағдарламалар тізімінде өшірілген. Қосу үшін: tanba autostart on
autostart-gone = Жүйеге кіргенде { $program } іске қосылады, бірақ бұл бағдарлама енді жоқ. Осы Tanba іске қосылуы үшін: tanba autostart on
autostart-elsewhere = Жүйеге кіргенде басқа команда іске қосылады: { $program }. Осы Tanba іске қосылуы үшін: tanba autostart on
autostart-unreadable = Жүйеге кіргенде іске қосу жазбасы түсініксіз. Қайта жазу үшін: tanba autostart on
autostart-file = Жазба: { $file }
autostart-turned-on = Tanba жүйеге кіргенде іске қосылатын болды.
autostart-turned-off = Tanba енді жүйеге кіргенде іске қосылмайды. Қазір жұмыс істеп тұрғаны жалғаса береді.
open-not-started = Tanba-ны іске қосу мүмкін болмады; не кедергі екенін tanba run айтады. Терезе бәрібір ашылады.

quit-done = Tanba тоқтатылды. Қайта іске қосу: tanba open
quit-nobody = Tanba іске қосылмаған.
quit-failed = Tanba-ны тоқтату мүмкін болмады: { $what }
quit-late = ол әлі тоқтаған жоқ
