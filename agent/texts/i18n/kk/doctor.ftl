### tanba doctor: әр жолдың атауы, не үшін керегі, не табылғаны және әрі қарай не істеу керегі.
### Тексеру беті де қарайтын нәрселердің сөздері check.ftl ішінен алынады.

doctor-looking = Қаралып жатыр: { $names }
doctor-verdict-good = Ақау табылған жоқ.
doctor-verdict-notes = Ақау табылған жоқ. Жоғарыда назар аударатын жол саны: { $count }.
doctor-verdict-faults = Табылған ақау саны: { $count }. Не істеу керегі әрқайсысының жанында жазылған.
doctor-report-person = (аты-жөні көрсетілмеді)

# Баптаулар

doctor-settings = Баптаулар файлы
doctor-settings-why = Ол оқылмайынша, Tanba іске қосылмайды.
doctor-settings-fine = Баптаулар файлы қатесіз оқылды.
doctor-settings-broken = { $file } жарамайды: { $what }.
doctor-settings-line = { $line }-жол түсініксіз
doctor-settings-value = { $key } мәні «{ $value }» бола алмайды; жарайтыны: { $expected }
doctor-settings-owned-by-others = { $path } басқа пайдаланушыға тиесілі
doctor-settings-writable-by-others = { $path } басқалардың өзгертуіне ашық
doctor-settings-unreadable = ол оқылмайды
doctor-settings-no-text = бұл баптау файлы емес
doctor-settings-broken-next = Сол жолды түзетіңіз немесе файлдың атын өзгертіңіз: сонда әдепкі мәндер қолданылады.
doctor-settings-administrator-next = Бұл — әкімшінің файлы. Осы жолды соған көрсетіңіз.
doctor-settings-unknown = { $file } ішінде Tanba білмейтін баптау бар: { $key }. Ол ескерілмейді.
doctor-settings-unknown-next = Атауында қате жоқ па, қараңыз; барлық баптауды `tanba settings list` көрсетеді.

# Қалталар

doctor-folders = Tanba қалталары
doctor-folders-why = Оларда баптаулар, кілттер тізімі және журнал жатады. Компьютердің басқа пайдаланушылары оларды оқымауы да, өзгертпеуі де керек.
doctor-folders-private = Оларға тек сіз кіре аласыз.
doctor-folders-open = Осы компьютердің басқа пайдаланушылары { $path } ішіне кіре алады.
doctor-folders-open-next = Қалтаны басқалардан жабыңыз: `chmod 700 ҚАЛТА`
doctor-folders-foreign = { $path } басқа пайдаланушыға тиесілі: Tanba бір кезде sudo арқылы іске қосылған болуы мүмкін.
doctor-folders-foreign-next = Оны өзіңізге қайтарыңыз: `sudo chown -R "$USER" ҚАЛТА`. Tanba-ны sudo арқылы іске қоспаңыз.
doctor-folders-unreadable = { $path } қаралмайды: { $what }.

# Порт

doctor-port = Осы компьютердің порты
doctor-port-why = Сайттар қол қоятын бағдарламаны бір порттан ғана іздейді. Порт кімде болса, соны табады.
doctor-port-tanba = { $port } порты Tanba-да (процесс { $pid }).
doctor-port-nobody = { $port } портында ешкім жоқ: Tanba іске қосылмаған.
doctor-port-nobody-next = Tanba-ны іске қосыңыз: `tanba run`
doctor-port-elsewhere = Tanba іске қосулы, бірақ { $other } портында; сайттар оны { $port } портынан іздейді.
doctor-port-elsewhere-next = Tanba-ны жауып, --port қоспай қайта іске қосыңыз.
doctor-port-half = Tanba { $port } портын тек IPv4 үшін алған; ::1 мекенжайында жауап беретін ол емес.
doctor-port-half-next = Tanba-ны жауып, қайта іске қосыңыз. Порт бос емес десе, ол атаған бағдарламаны жабыңыз.
doctor-port-ncalayer = { $port } портын NCALayer алған (процесс { $pid }): сайттар Tanba-ны емес, соны табады.
doctor-port-ncalayer-next = Сайттар екеуінің біреуіне ғана қосыла алады. NCALayer-ді жауып, өздігінен іске қосылатындар тізімінен алып тастап, Tanba-ны іске қосыңыз.
doctor-port-other = { $port } портын { $program } алған (процесс { $pid }, { $path }), сондықтан сайттар Tanba-ны таппайды.
doctor-port-other-next = Портты алған бағдарламаны жауып, Tanba-ны іске қосыңыз: `tanba run`
doctor-port-another-user = { $port } портын осы компьютердің басқа пайдаланушысы алған. Порт бәріне ортақ: сіздің сайттарыңыз соның бағдарламасына барады, ал ол сізге жауап бермейді.
doctor-port-another-user-next = Одан бағдарламасын жабуын сұраңыз немесе сол жақта жүйеден шығыңыз. Әзірге файлдарға сайтсыз қол қоюға болады: `tanba sign ФАЙЛ`. Көп адам жұмыс істейтін серверде әкімші әркімге жеке желі бере алады; басқа порттағы Tanba сол портты көрсетуге болатын сайттарға ғана көмектеседі.
doctor-port-hidden = { $port } портын бір бағдарлама алған, бірақ жүйе қайсысы екенін айтпайды.
doctor-port-unknown = { $port } порты кімде екенін білу мүмкін болмады: { $what }.
doctor-port-unusual = Баптауларда { $port } порты көрсетілген, ал сайттар { $standard } портына қарайды.
doctor-port-unusual-next = Баптауға әдепкі мәнін қайтарыңыз, `tanba settings reset port`, содан кейін Tanba-ны қайта іске қосыңыз.

# Жүйеге кіргенде іске қосылу

doctor-autostart = Жүйеге кіргенде іске қосылу
doctor-autostart-why = Сайттар Tanba-ны ол іске қосулы кезде ғана табады.
doctor-autostart-on = Tanba жүйеге кіргенде іске қосылады.
doctor-autostart-off = Tanba жүйеге кіргенде іске қосылмайды: келесі жолы кіргеннен кейін сайттар оны таппайды.
doctor-autostart-disabled = Жұмыс үстелінің автоіске қосу тізімінде Tanba өшірілген.
doctor-autostart-gone = Жүйеге кіргенде { $program } іске қосылады, бірақ бұл бағдарлама енді жоқ: ештеңе іске қосылмайды.
doctor-autostart-elsewhere = Жүйеге кіргенде осы Tanba емес, басқасы немесе басқа команда іске қосылады: { $program }.
doctor-autostart-unreadable = Автоіске қосу жазбасы түсініксіз: ештеңе іске қосылмайды.
doctor-autostart-unknown = Tanba жүйеге кіргенде іске қосыла ма, білу мүмкін болмады: { $what }.
doctor-autostart-next = Жүйеге кіргенде осы Tanba іске қосылуы үшін: `tanba autostart on`

# Tanba-мен байланыс

doctor-socket-answers = Tanba { $port } портында жауап береді.
doctor-socket-silent = { $port } порты Tanba-да, бірақ ол жауап бермейді.
doctor-socket-silent-next = Tanba-ны жауып, қайта іске қосыңыз. Жабылмаса, процесін аяқтаңыз.
doctor-tls-own = Tanba өз сертификатымен жауап береді.
doctor-tls-resigned = Tanba мекенжайында басқа сертификат көрсетіледі, оны «{ $issuer }» берген. Осы компьютердің қорғалған қосылымдарын бір нәрсе қарап отыр: антивирус немесе прокси.
doctor-tls-resigned-next = Сол бағдарламаның баптауларында 127.0.0.1 мен localhost мекенжайларын қорғалған қосылымдарды (HTTPS) тексеруден шығарыңыз.
doctor-tls-stale = Tanba қазіргі жергілікті сертификатымен емес, басқасымен жауап береді.
doctor-tls-stale-next = Tanba-ны жауып, қайта іске қосыңыз. Қалталары бөлек екі Tanba іске қосулы болса, біреуін жабыңыз.

# Жергілікті сертификат

doctor-leaf = Жергілікті сертификат
doctor-leaf-why = Онымен Tanba браузерге осы компьютерде екенін дәлелдейді. Басқа ештеңеге қолданылмайды.
doctor-leaf-fine = Ол бар, { $until } күніне дейін жарамды.
doctor-leaf-missing = Ол әлі жоқ.
doctor-leaf-missing-next = Оны жасаңыз: `tanba trust install`
doctor-leaf-unusable = Оның файлы жарамайды: { $what }.
doctor-leaf-ends-soon = Ол { $until } күніне дейін ғана жарамды. Іске қосулы тұрғанда Tanba оны өзі жаңартады.
doctor-leaf-ends-soon-next = Tanba-ны іске қосыңыз немесе сертификатты қазір жаңартыңыз: `tanba trust install`
doctor-leaf-ended = Оның мерзімі өтіп кеткен немесе әлі басталмаған: { $until } күніне дейін.

# Браузерлер

doctor-browser = Браузерлердің сенімі
doctor-browser-why = Жергілікті сертификатқа сенбейтін браузер Tanba-ға бірде-бір сайтты жібермейді.
doctor-browser-trusts = { $browser } сенеді · { $path }
doctor-browser-trusts-not = { $browser } сенбейді · { $path }
doctor-browser-trusts-not-next = `tanba trust install` командасын орындап, браузерді жауып, қайта іске қосыңыз.
doctor-browser-locked = { $browser } сертификаттарын негізгі құпиясөзбен жауып қойған · { $path }
doctor-browser-locked-next = Осы браузерде Tanba бетін, https://127.0.0.1:13579/, ашып, сертификатты сол жерде қабылдаңыз.
doctor-browser-unusable = { $browser } қоймасы ашылмайды ({ $what }) · { $path }
doctor-browser-unusable-next = Браузерді жауып, қайта қараңыз. Көмектеспесе, онда жаңа профиль жасаңыз.
doctor-browser-none = Осы үй қалтасында әзірге бірде-бір браузер сертификат сақтамайды.
doctor-browser-none-next = Chromium үшін қойма жасаңыз: `tanba trust install`. Firefox өз қоймасын алғаш іске қосылғанда жасайды.
doctor-browser-unknown = Оған қай браузерлер сенетінін білу мүмкін болмады. { $what }
doctor-browser-unknown-next = Содан кейін қайта қараңыз.

# Басқа орталықтар

doctor-authority = Басқа куәландырушы орталықтар
doctor-authority-why = Мұнда жазылған орталық кез келген сайтқа, тіпті банк сайтына да кепіл бола алады. Tanba-ға мұнда ешкім керек емес.
doctor-authority-none = Осы үй қалтасының браузерлеріне бірде-бір орталық қосылмаған.
doctor-authority-nca = { $browser } кез келген сайт туралы «{ $name }» орталығына сенеді. Оны NCALayer қосады және артында қалдырады · { $path }
doctor-authority-nca-next = NCALayer енді керек болмаса, бұл орталықты алып тастаңыз. Қолтаңбалар мен кілттерге ол керек емес.
doctor-authority-other = { $browser } кез келген сайт туралы «{ $name }» орталығына сенеді · { $path }
doctor-authority-other-next = Оны антивирус немесе жұмыс беруші қосқан болуы мүмкін. Танымасаңыз, сұраңыз; ешкімге керек болмаса, алып тастаңыз.
doctor-authority-unknown = Браузерлердің кімге сенетінін білу мүмкін болмады. { $what }

# Кеңейтім

doctor-extension-absent = Мұнда браузер кеңейтімдері Tanba-мен байланыстырылмаған, оның керегі де жоқ: сайттар порт арқылы қосылады.
doctor-extension-manifest = { $browser } мына бағдарламаны біледі: { $program } · { $path }
doctor-extension-broken = { $browser }: жоқ бағдарлама көрсетілген: { $program } · { $path }
doctor-extension-broken-next = Сол файлды жойыңыз немесе Tanba-ны қайта орнатыңыз.

# Әкімші белгілегені

doctor-network-free = Әкімші бұл туралы ештеңе белгілемеген: браузер әр сайт туралы сізден сұрайды.
doctor-network-allowed = { $browser } мына сайттарды осы компьютерге сұрамай жібереді: { $sites } · { $path }
doctor-network-blocked = { $browser } мына сайттарды осы компьютерге жібермейді: { $sites } · { $path }
doctor-network-blocked-next = Әкімшіден LoopbackNetworkAllowedForUrls ішіне өзіңіз қол қоятын сайттарды қосуын сұраңыз.
doctor-network-unreadable = Әкімшінің { $browser } үшін белгілегені оқылмайды ({ $what }) · { $path }

# Сағат

doctor-clock-agrees = Бұл компьютер { $ours } көрсетеді, { $whose } та сондай.
doctor-clock-wrong = Бұл компьютер { $ours } көрсетеді, ал { $whose } — { $theirs }: айырмасы { $seconds } секунд.
doctor-clock-unknown = Бірде-бір қызмет сағат қанша екенін айтпады.
doctor-clock-unknown-next = Компьютердің сағатын телефоныңызбен салыстырыңыз.

# Қызметтер

doctor-services = ҰКО-мен байланыс
doctor-services-why = Қол қояр алдында Tanba сертификаттың қайтарып алынбағанын сұрайды; көп сайтқа уақыт белгісі керек.
doctor-services-offline = Қызметтер сұралмады.
doctor-services-offline-next = --offline қоспасаңыз, сұралады.
doctor-services-proxy = Баптаулардағы прокси жарамайды.
doctor-services-proxy-next = Оның мекенжайын, http://host:port, немесе system, не none деп көрсетіңіз: `tanba settings set services.proxy МЕКЕНЖАЙ`
doctor-ocsp = Сертификаттардың күйі (OCSP)
doctor-ocsp-why = Мұнда Tanba кілттің қайтарып алынбағанын сұрайды. Жауапсыз да қол қоюға болады, бірақ қайтарып алынғанын білмейсіз.
doctor-crl = Қайтарып алынған сертификаттар тізімі (CRL)
doctor-crl-why = OCSP жауап бермегенде осылар сұралады.
doctor-tsp = Уақыт белгілері (TSP)
doctor-tsp-why = Уақыт белгісі қашан қол қойғаныңызды дәлелдейді. Көп сайт онсыз қолтаңбаны қабылдамайды.
doctor-service-answers = Қызмет жауап береді.
doctor-service-fails = Жарамды жауап жоқ. { $what }
doctor-service-fails-next = Браузерде https://pki.gov.kz ашып көріңіз. Ол да ашылмаса, себебі желіде немесе ҰКО-да: кейінірек қайталаңыз. Ашылса, баптаулардағы проксиді тексеріңіз.
doctor-tsp-fails-next = Жауап болмайынша, сайт рұқсат етсе, уақыт белгісінсіз қол қойыңыз. https://pki.gov.kz ашыла ма, қараңыз және баптаулардағы проксиді тексеріңіз.

# Токендер

doctor-tokens-fine = { $count ->
    [0] Драйверлер жұмыс істейді: { $vendors }. Токен салынбаған.
   *[other] Драйверлер жұмыс істейді: { $vendors }. Салынған токен саны: { $count }.
}
doctor-tokens-none = Токен драйверлері орнатылмаған.
doctor-tokens-fault = { $vendor } драйвері токендерді көрсетпейді. { $what } · { $path }
doctor-tokens-refused = { $vendor } драйвері жүктелмейді. { $what }
doctor-tokens-file = { $what }
doctor-tokens-file-line = { $file }: { $line }-жол түсініксіз. Жол түзетілгенше токендер қолжетімсіз.
doctor-tokens-file-unreadable = { $file } оқылмайды. Оқылғанша токендер қолжетімсіз.
doctor-tokens-readers = Карта оқығыштар қызметі (pcscd) іске қосылмаған. Токендердің көбі мен жеке куәлік сол арқылы жұмыс істейді.
doctor-tokens-readers-next = Кілтіңіз токенде немесе картада болса: `sudo systemctl enable --now pcscd.socket`. Ондай қызмет жоқ болса, pcscd (pcsc-lite) бумасын орнатыңыз. Файлдағы кілтке ештеңе керек емес.

# Кілттер

doctor-keys-ready = { $count ->
    [one] Бір кілт дайын, { $until } күніне дейін.
   *[other] Дайын кілт саны: { $count }; соңғысы { $until } күніне дейін.
}
doctor-keys-none = Қол қоюға дайын кілт жоқ.
doctor-keys-none-next = Кілт файлын қосыңыз: `tanba keys add ФАЙЛ.p12`. Токендегі кілт онымен қол қойғанда көрінеді.
doctor-keys-missing = Кілт файлы бұрынғы орнында жоқ: { $file }
doctor-keys-missing-next = Ол флешкада болса, соны салыңыз. Орнын ауыстырсаңыз, қайта қосыңыз: `tanba keys add ФАЙЛ.p12`. Мүлде жоқ болса, Tanba оны ұмытсын: `tanba keys remove ФАЙЛ.p12`
doctor-keys-unreadable = { $file }: { $what }
doctor-keys-open = { $file } кілт файлын осы компьютердің басқа пайдаланушылары оқи алады.
doctor-keys-open-next = Оны басқалардан жабыңыз: `chmod 600 ФАЙЛ.p12`. Құпиясөз оны ешкім құпиясөзді таппағанша ғана қорғайды.
doctor-keys-ends-soon = Кілттің мерзімі { $until } күні аяқталады: { $name }.
doctor-keys-ended = Кілттің мерзімі { $until } күні аяқталды: { $name }.
doctor-keys-ended-next = Жаңа кілтті egov.kz немесе pki.gov.kz сайтынан алыңыз.
doctor-keys-revoked = Сертификат { $since } күні қайтарып алынған: { $name }. Бұл кілтпен қойылған қолтаңбалар қабылданбайды.
doctor-keys-lists = Tanba деректер қалтасындағы тізім оқылмайды, сондықтан ештеңеге қол қойылмайды: { $what }.
doctor-keys-lists-next = Файлды көшірмесінен қайтарыңыз. Көшірмесі болмаса, атын өзгертіп, жоғалған кілттерді қайта бұғаттаңыз: `tanba keys lost`

# Журнал

doctor-journal = Журнал
doctor-journal-why = Кейін сол арқылы неге және кім үшін қол қойылғанын білуге болады.
doctor-journal-whole = Ол бүтін. Шешім саны: { $count }.
doctor-journal-none = Ол бос.
doctor-journal-broken = Ол Tanba жазғандай емес: бірдеңе өзгертілген немесе жойылған.
doctor-journal-broken-next = Қай жері екенін `tanba journal check` көрсетеді. Алдымен қалтаны көшіріп алыңыз: мұны дәлелдеу керек болып қалуы мүмкін.
doctor-journal-unknown = Оны тексеру мүмкін болмады: { $what }.
doctor-journal-unknown-next = `tanba journal check` командасын орындаңыз: не дұрыс емес екенін айтады.

# Тексерудің өзі

doctor-look = Тексерудің өзі
doctor-look-why = Қаралмай қалған нәрсе әлі де кедергі болуы мүмкін.
doctor-look-late = Бұл тым ұзаққа созылып, қаралмай қалды: { $area }.
doctor-look-late-next = Қайта қараңыз. Тағы солай болса, компьютерді қайта іске қосыңыз.

# Түзету

doctor-fix-start = Tanba-ны қазір іске қосу керек пе? (иә/жоқ)
doctor-fix-trust = Осы үй қалтасының барлық браузері жергілікті сертификатқа сенетін болсын ба? (иә/жоқ)
doctor-fix-renew = Жергілікті сертификатты қайта жасап, бұрынғысына сенген браузерлер жаңасына сенетін болсын ба? (иә/жоқ)
doctor-fix-tighten = Оны басқа пайдаланушылардан жабу керек пе? (иә/жоқ)
doctor-fix-take-out = «{ $name }» { $browser } браузерінің осы қоймасынан алып тасталсын ба? (иә/жоқ)
doctor-fix-forget = Бұл файлды ұмыту керек пе? Файлдың өзіне ештеңе болмайды. (иә/жоқ)
doctor-fix-set-aside = Әдепкі мәндер қолданылуы үшін { $file } атын өзгерту керек пе? (иә/жоқ)
doctor-fix-reset-port = Портқа әдепкі мәні, { $standard }, қайтарылсын ба? (иә/жоқ)
doctor-fix-autostart = Жүйеге кіргенде осы Tanba іске қосылатын болсын ба? (иә/жоқ)
doctor-fix-done = Түзетілді: { $what }
doctor-fix-failed = Түзетілмеді: { $what } ({ $why })
doctor-fix-left = Сол күйі қалды: { $code }
doctor-fix-not-named = Сол күйі қалды, өйткені бұған бөлек «иә» керек: tanba doctor --fix { $code }
doctor-fix-nothing = Мұнда бағдарлама түзете алатын ештеңе жоқ.
doctor-fix-how = Түзету: tanba doctor --fix { $code }
