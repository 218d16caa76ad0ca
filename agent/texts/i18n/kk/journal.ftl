### journal: kk

# Қандай шешім қабылданғаны және журналдың бүтіндігі (tanba journal)

journal-empty = Журналда шешім жоқ ({ $state }). Бұрын болған болса, журнал соңының көрсеткішімен бірге жойылған немесе бұл — басқа деректер қалтасы.
journal-none-fit = Журналда сәйкес шешім жоқ. Соңғылары: tanba journal list
journal-unknown = Журналда { $number } нөмірлі шешім жоқ. Тізім: tanba journal list
journal-unreadable = Журнал оқылмайды ({ $what }). { $state } және { $data } қалталарын көшіріп алып, journal.db файлын алып тастаңыз: Tanba жаңасын бастайды.
journal-date-wrong = { $date } — күн емес. Былай жазыңыз: 2026-12-31.
journal-not-written = { $path } файлын жазу мүмкін болмады ({ $what }). Қалта бар ма, дискіде орын мен жазу рұқсаты бар ма, соны тексеріңіз.
journal-exists = { $path } файлы бұрыннан бар. Басқа файлды көрсетіңіз немесе --force қосыңыз.
journal-exported = { $path } файлына { $count } шешім жазылды. Одан қай сайттарды пайдаланатыныңыз және неге қол қойғаныңыз көрінеді: файлды бөгде адамға көрсетпеңіз.

journal-line = { $number } · { $at } · { $site } · { $program } · { $what } · { $result }
journal-line-signed = { $number } · { $at } · { $site } · { $program } · { $what } · { $result } · { $signer }
journal-line-own = { $number } · { $at } · { $result }
journal-site-opaque = мекенжайы жоқ бет
journal-site-none = сайтсыз
journal-program-unknown = белгісіз бағдарлама

journal-result-signed = қол қойылды
journal-result-key-shown = сертификат сайтқа көрсетілді
journal-result-stamped = уақыт белгісі қосылды
journal-result-file-chosen = файл таңдалды
journal-result-saved = файл сақталды
journal-result-verified = қолтаңба тексерілді
journal-result-digest = хеш есептелді
journal-result-told = хабарлама көрсетілді
journal-result-requested = сертификат сұралды
journal-result-imported = сертификат орнатылды
journal-result-cancelled = бас тартылды
journal-result-withdrawn = бет жабылды
journal-result-blocked = сайт бұғатталған, сұралған жоқ
journal-result-paused = кідіріс кезінде келді, сұралған жоқ
journal-result-path-refused = баптаулар сайтқа файл атауға рұқсат бермейді, сұралған жоқ
journal-result-failed = орындалмады ({ $code })
journal-result-purged = бұрынғы шешімдерді иесі жойды
journal-result-head-lost = журнал соңының көрсеткіші жоғалған

journal-show-number = Шешім: { $value }
journal-show-at = Уақыты: { $value }
journal-show-site = Сайт: { $value }
journal-show-program = Бағдарлама: { $value }
journal-show-what = Шақыру: { $value }
journal-show-result = Нәтижесі: { $value }
journal-show-signer = Кілт иесі: { $value }
journal-show-certificate = Сертификат, SHA-256: { $value }
journal-show-document = Құжат, SHA-256: { $value }
journal-show-elsewhere = Құжат: сұрау кезінде мазмұны белгісіз болған
journal-show-digest = Сайт жіберген хеш; оның SHA-256 мәні: { $value }
journal-show-hash = Осы жазбаның хеші: { $value }

journal-check-whole = Журнал бүтін: { $count } жазба, бәрі Tanba жазған күйінде.
journal-check-broken = Журнал бүтін ЕМЕС. Онда { $count } жазба бар. Мұны өзіңіз жасамаған болсаңыз, { $state } және { $data } қалталарының көшірмесін сақтап, компьютерді тексертіңіз.
journal-check-untold = Тағы { $count } бұзушылық бар.
journal-check-not-proven =
    Бұл тексеру мынаны дәлелдей алмайды: сіздің атыңыздан іске қосылған бағдарлама бүкіл журналды соңының көрсеткішімен бірге жаңадан жаза алады, оны ешқандай тексеру байқамайды. Журналға жазу мүмкін болмаған кезде (мысалы, дискіде орын қалмағанда) қабылданған шешімдер тек tanba run терминалға шығарған хабарларда болады.
journal-found-missing-one = { $number } нөмірлі жазба жоқ.
journal-found-missing = Жазбалар жоқ: { $from } – { $to }.
journal-found-edited = { $number } нөмірлі жазба Tanba жазған күйінде емес: оның өзі немесе алдыңғысы өзгертілген не ауыстырылған.
journal-found-tail-cut = Соңы кесілген: соңғы жазба — { $last }, ал Tanba { $head } нөміріне дейін жазған.
journal-found-head-differs = { $number } нөмірлі жазба — Tanba соңғы рет жазған жазба емес.
journal-found-head-missing = journal.head файлы жоқ немесе оқылмайды: соңы кесілген-кесілмегені белгісіз.
journal-found-head-was-lost = { $number } нөмірлі жазбаның алдында журнал соңының көрсеткіші жоғалған: сол кездегі соңғы жазбалар кесілген болуы мүмкін.
journal-found-head-behind = Tanba { $head } нөміріне дейін жазған, ал журналда { $last } нөміріне дейін жазба бар: оларды басқа біреу қосқан немесе journal.head файлының ескісі қайтарылған.
journal-found-interrupted = Tanba { $last } нөмірлі жазбаны жазып жатқанда тоқтатылған. Жазба бүтін, бұл бұзушылық емес.
journal-found-purged = Жазбаларды { $through } нөміріне дейін (оны қоса) иесі жойған. Бұл бұзушылық емес.

journal-purge-nothing = Жоятын ештеңе жоқ.
journal-purge-ask = { $count } шешім қайтарылмастай жойылады; жойылғаны журналда жазулы қалады. Жалғастыру үшін «иә» немесе «yes» деп жазыңыз:
journal-purge-yes = иә иа иə
journal-purge-left = Ештеңе жойылған жоқ.
journal-purge-needs-yes = { $count } шешім жойылар еді, бірақ пернетақтадан сұрау мүмкін емес. Скрипттерде --yes қосыңыз.
journal-purge-broken = Журнал бүтін емес, бұзушылықтың іздері жазбалармен бірге жойылуы мүмкін. Оларды сақтау үшін алдымен { $state } және { $data } қалталарын көшіріп алыңыз.
journal-purged = { $count } шешім жойылды.
journal-purge-not-yet = Олардың мәтіні файлдан әлі кеткен жоқ ({ $what }). Журналды оқып тұрған бағдарламаларды жауып, сол команданы қайталаңыз.
