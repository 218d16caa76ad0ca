### main: kk

# Басты терезе (tanba open)

main-title = Tanba
main-parts = Бөлімдер
main-keys = Кілттер
main-files = Файлдар
main-journal = Журнал
main-sites = Сайттар
main-settings = Баптаулар
main-failed = Басты терезені ашу мүмкін болмады ({ $what }).
main-reading = Оқып жатырмыз…
main-undo = Қайтару
main-gone = Бұл енді тізімде жоқ. Тізім жаңартылды.
main-not-written = Файлды жазу мүмкін болмады ({ $what }).
main-other-window = Tanba-ның басқа терезесі ашық. Алдымен сондағы істі аяқтап, қайта басыңыз.
main-in-other-window = Ашылған терезеде жалғастырыңыз.

main-fact-file = Файл
main-fact-token = Токен
main-fact-reader = Оқу құрылғысы
main-fact-library = Кітапхана
main-fact-name = Иесі
main-fact-iin = ЖСН
main-fact-organisation = Ұйым
main-fact-bin = БСН
main-fact-valid = Жарамдылық мерзімі
main-fact-serial = Сериялық нөмірі
main-fact-issuer = Кім берді
main-fact-number = Жазба нөмірі
main-fact-result = Нәтиже
main-fact-call = Сайттың сұрауы
main-fact-program = Бағдарлама
main-fact-signer = Кілт иесі
main-fact-certificate = Сертификат, SHA-256
main-fact-documents = Құжаттар, SHA-256
main-fact-site = Бүкіл сайт
main-fact-since = Қай күннен бері

main-keys-explained = Сіз пайдаланған немесе қосқан файлдардағы және қосулы токендердегі кілттер.
main-keys-none = Әзірге кілт жоқ. Кілт файлын қосыңыз немесе осы терезеге сүйреп әкеліңіз; токендегі кілттер токенді қосқанда пайда болады.
main-keys-add = Кілт файлын қосу…
main-keys-added = { $file } кілттер тізімінде.
main-keys-read = Кілттің кімдікі екенін көру…
main-keys-password = Құпиясөзді өзгерту…
main-keys-backup = Сақтық көшірме жасау…
main-keys-modernise = Заманауи қорғанысы бар файл жасау…
main-keys-request = Сертификат сұрату…
main-keys-import = Сертификат орнату…
main-keys-lost = Кілт жоғалды…
main-keys-export = Сертификатты файлға сақтау
main-keys-forget = Тізімнен алып тастау
main-keys-exported = Сертификат сақталды: { $file }. Онда құпия жоқ, басқаларға беруге болады.
main-forgotten = { $file } тізімнен алынды. Файлдың өзі орнында қалды.
main-remembered = { $file } тізімге қайтарылды.
main-keys-unread = Кілттің кімдікі екені оны құпиясөзбен ашқанда белгілі болады.
main-keys-file-missing = Файл орнында жоқ. Ол флешкада болса, флешканы қосыңыз; көшірілген болса, қол қою терезесінде қайта таңдаңыз.
main-keys-no-token = жұмыс істемейді
main-keys-days =
    { $days ->
        [0] соңғы күні
       *[other] { $days } күн
    }
main-keys-expired = мерзімі өтті
main-keys-expired-next = Мерзімі өтті, онымен қол қоюға болмайды. Жаңа кілт egov.kz немесе pki.gov.kz арқылы алынады.
main-keys-not-yet = мерзімі басталмаған
main-keys-blocked = бұғатталған
main-keys-blocked-since = Бұл кілтті сіз бұғаттадыңыз ({ $since }). Бұғаттан шығару: tanba keys unblock { $serial }
main-keys-ends-soon = Мерзімі жақында бітеді. Кілт жарамды кезде жаңасын pki.gov.kz сайтындағы жеке кабинеттен алыңыз («ЭЦҚ кілттерін қайта шығару»).
main-keys-test = Тестілік кілт: онымен нағыз құжаттарға қол қойылмайды.

main-files-explained = Файлға қол қою немесе қолтаңбаны тексеру үшін оны осы терезеге сүйреп әкеліңіз.
main-files-none = Әзірге файл жоқ. Файлды осы жерге сүйреп әкеліңіз немесе «Файл таңдау…» түймесін басыңыз.
main-files-choose = Файл таңдау…
main-files-no-chooser = Бұл компьютерде файл таңдайтын терезе жоқ. Файлды осы терезеге сүйреп әкеліңіз.
main-files-sign = Қол қою…
main-files-verify = Қолтаңбаны тексеру
main-files-away = Тізімнен алып тастау
main-files-verifying = { $file } тексеріліп жатыр…
main-files-stopped = Тексеру тоқтатылды.
main-files-more = Мұнда бәрі сыймады. Толығы: tanba verify ФАЙЛ
main-files-signed = қол қойылды
main-files-good = қолтаңба дұрыс
main-files-bad = расталмады
own-asks-sign = файлға қол қоясыз
own-sign-done = файлға қол қойдыңыз
own-sign-file = Қолтаңбасы бар файл: құжат соның ішінде
own-sign-next = Алушыға төменде аталған файлды беріңіз. Бастапқы құжат өзгерген жоқ.

main-journal-explained = Сайттардың сұрауымен не нәрсеге қол қойып, нені көрсеткеніңіз және қашан. Tanba құжаттардың өзін сақтамайды; осы жерде өзіңіз қол қойған файлдар мұнда жазылмайды.
main-journal-search = Іздеу
main-journal-check = Журналдың бүтіндігін тексеру
main-journal-none = Әзірге шешім жоқ.
main-journal-none-fit = Ештеңе табылмады.
main-journal-failed = орындалмады

main-sites-explained = Сіз жауап берген сайттар. Ұмытылған сайт алғаш реттегідей қайта сұрайды.
main-sites-none = Әлі ешбір сайтқа жауап берген жоқсыз.
main-sites-seen = жауап берілді
main-sites-allowed = сұрауға болады
main-sites-blocked = бұғатталған
main-sites-blocked-note = Бұл сайт сізден сұрамайды. Ол қайтадан қолтаңба сұрай алуы үшін оны ұмытыңыз.
main-sites-paths = Бұл сайтқа файлдарыңызды сұрамай оқуға және сақтауға рұқсат берілген.
main-sites-forget = Бұл сайтты ұмыту

main-check = Тексеру
main-check-explained = Қол қоюға не кедергі болуы мүмкін: сайттармен байланыс, браузерлер, сағат, ҰКО қызметтері, токендер, кілттер.
main-check-again = Қайта тексеру
main-check-report = Есепті сақтау
main-check-looking = Тексеріп жатырмыз. Бұл 30 секундқа дейін созылады…
main-check-mending = Түзетіп жатырмыз…
main-check-mend = Түзету
main-check-reported = Есеп сақталды: { $file }. Онда аттар, нөмірлер және қалталарыңыздың аттары жоқ, оны қолдау қызметіне жіберуге болады.
main-check-good = бәрі дұрыс
main-check-unknown = белгісіз
main-check-warning = назар аударыңыз
main-check-bad = кедергі

main-settings-explained = Түсінетін нәрсеңізді ғана өзгертіңіз: әдетте мұнда ештеңе өзгертудің қажеті жоқ.
main-settings-locked = Мұны осы компьютердің әкімшісі белгілеген; тек сол өзгерте алады.
main-settings-at-start = Tanba қайта іске қосылғанда күшіне енеді.
main-settings-expected = Мүмкін мәндері: { $expected }
main-settings-on = иә
main-settings-off = жоқ
main-settings-kk = Қазақша
main-settings-ru = Русский
main-settings-en = English
main-settings-ask = менен сұралсын
main-settings-listed = тек тізімдегі сайттар
main-settings-never = ешқашан
main-settings-set = Сақтау
main-settings-reset = Әдепкі мәнін қайтару
main-settings-saved = Сақталды.
main-settings-saved-at-start = Сақталды. Tanba қайта іске қосылғанда күшіне енеді.
main-settings-not-allowed = «{ $value }» жарамайды. Мүмкін мәндері: { $expected }

main-about = Tanba туралы
main-about-explained = Бұл қандай бағдарлама, файлдары қайда жатыр және өз жұмысы туралы не жазады.
main-about-program = Осы компьютерде Қазақстанның ЭЦҚ-сымен қол қою
main-about-licence = Еркін бағдарлама: бастапқы мәтіні ашық, лицензиясы — Apache 2.0 немесе MIT, таңдау өзіңізде.
main-about-others = Бұл ҰКО бағдарламасы емес. Терезелері Slint көмегімен жасалған.
main-about-folders = Қалталар
main-about-folders-what = Баптаулар, кілттер тізімі, журнал және жұмыс жазбалары
main-about-config = Баптаулар
main-about-data = Деректер мен журнал
main-about-state = Күй және жұмыс журналы
main-log = Жұмыс журналы
main-log-what = Tanba сайттар үшін не істегені және қандай қателер болғаны; құжаттар мен құпиясөздер жазылмайды
main-log-none = Жұмыс журналы бос. Tanba сайттарға жауап бере бастағанда ашылады.
main-log-all = Бәрі
main-log-grave = Тек қателер
main-log-read = Қайта оқу
main-log-save = Файлға сақтау
