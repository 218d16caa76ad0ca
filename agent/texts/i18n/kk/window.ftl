### Қол қою терезесі

window-title = Tanba
window-test = ТЕСТ
window-test-banner = ТЕСТ. Тестілік орта: тестілік кілтпен қойылған қолдың заңды күші жоқ.

# Кім және нені сұрайды. Терезенің бірінші жолы: сайттың немесе бағдарламаның атауы, екіншісі: оның сұрағаны.

window-asks-to-sign =
    { $count ->
        [1] құжатқа қол қоюыңызды сұрайды
       *[other] { $count } құжатқа қол қоюыңызды сұрайды
    }
window-asks-to-show-key = кілтіңізді көрсетуіңізді сұрайды
window-show-key-explained = Сайт сертификатыңызда жазылғанды көреді: аты-жөніңіз, ЖСН немесе БСН, жарамдылық мерзімі. Ештеңеге қол қойылмайды.
window-first-time = алғаш рет
window-logo = Сайт жіберген сурет. Ол ештеңені дәлелдемейді.
window-via = { $program } арқылы
window-this-computer = осы компьютердегі бет
window-foreign-letters = мекенжайда латын әріптері ғана емес
window-who-unknown = Белгісіз бағдарлама
window-who-opaque = Мекенжайы жоқ бет
window-who-program = «{ $program }» бағдарламасы
window-who-extension = Браузер кеңейтімі { $id }
window-alarm-insecure = Бұл сайтпен байланыс қорғалмаған: бет пен құжат жолда ауыстырылған болуы мүмкін. Сұрауды күтпеген болсаңыз, «{ $no }» түймесін басыңыз.
window-alarm-opaque = Браузер сұраудың қай сайттан келгенін айтпайды. Оны күтпеген болсаңыз, «{ $no }» түймесін басыңыз.
window-alarm-no-page = Бұл браузердегі бет емес, кім сұрап тұрғанын тексеру мүмкін емес. Өзіңіз ештеңе іске қоспаған болсаңыз, «{ $no }» түймесін басыңыз.
window-alarm-program-untold = Қай бағдарламаның сұрап тұрғаны анықталмады. Сайттың мекенжайы жалған болуы мүмкін. Сұрауды күтпеген болсаңыз, «{ $no }» түймесін басыңыз.
window-alarm-unknown-program = Tanba мұндай браузерді танымайды. Бұл бағдарламаны өзіңіз іске қоспаған болсаңыз, «{ $no }» түймесін басыңыз.
window-alarm-unknown-program-claims = Бұл бағдарлама сұрау { $site } сайтынан келді дейді, бірақ Tanba мұндай браузерді танымайды және мұны тексере алмайды. Сұрауды күтпеген болсаңыз, «{ $no }» түймесін басыңыз.
window-warning-digest-only = Сайт құжаттың өзін көрсетпей, тек хешін жіберді. Бұл кез келген нәрсенің хеші болуы мүмкін: сайтқа сенсеңіз ғана қол қойыңыз.
window-warning-part-only = Құжаттың бір бөлігіне ғана қол қойылады: «Көрсету» түймесін бассаңыз, сол жағынан сызықпен белгіленген бөлікті көресіз. Қалғанын қолтаңбаңыз растамайды. Қол қойғыңыз келген бөлік екенін тексеріңіз.
window-warning-certificate-request = Бұл — сіздің атыңызға сертификат алу сұрауы. Сіз қол қойған мұндай сұрау кімде болса, сол сіздің атыңызға кілт ала алады. Мұны ҰКО сайтында өзіңіз бастамаған болсаңыз, «Бас тарту» түймесін басыңыз.
window-warning-revocation-request = Бұл — сертификатыңызды қайтарып алу туралы өтініш. Сіз қол қойған мұндай өтініш кімде болса, сол кілтіңізді жарамсыз еткізе алады. Мұны ҰКО сайтында өзіңіз бастамаған болсаңыз, «Бас тарту» түймесін басыңыз.
window-warning-digest-length = Сайт ұзындығы қате хеш жіберді: { $expected } байттың орнына { $octets } байт. Қол қоюға болады, бірақ мұндай қолтаңбаны ешкім тексере алмайды.
window-warning-other-site =
    Құжат мына сайтқа кіруге арналған: { $named }
    Қол қоюды сұрап тұрған: { $asks }
    Мұны күтпеген болсаңыз, «Бас тарту» түймесін басыңыз.

# Құжаттар

window-documents =
    { $count ->
        [one] { $count } құжат, барлығы { $size }
       *[other] { $count } құжат, барлығы { $size }
    }
window-document-number = { $number }-құжат
window-show = Көрсету
window-hide = Жасыру
window-preview = Құжаттың мазмұны
window-kind-text = Мәтін
window-kind-xml = XML құжаты
window-kind-pdf = PDF құжаты
window-kind-zip = ZIP мұрағаты немесе кеңсе құжаты
window-kind-image = Сурет
window-kind-cms = Қолтаңбасы бар файл (CMS)
window-kind-binary = Түрі белгісіз файл
window-kind-digest = Құжаттың хеші
window-note-beginning = Тек басы көрсетілген. Қол бүкіл құжатқа қойылады.
window-note-binary = Бұл файлды мәтін түрінде көрсету мүмкін емес, тек алғашқы байттары көрінеді.
window-note-digest = Мазмұны жіберілмеген, тек хеші көрінеді.
window-signed-part = Қол қойылады
window-look-hashed = Дәл хештелетін түрін көрсету
window-look-laid-out = Оқуға ыңғайлы түрін көрсету
window-look-note = Оқуға ыңғайлы түрі: жол ауыстыру мен шегініс тек экранда қосылған.
window-note-picture = Сурет құжатты тануға көмектеседі. Қол файлдың өзіне, әр байтына қойылады.
window-note-not-drawn = Құжатты сурет етіп көрсету мүмкін болмады, тек алғашқы байттары көрінеді. Қол бүкіл файлға қойылады.
window-note-encrypted = Құжат құпиясөзбен шифрланған, сондықтан оны көрсету мүмкін емес; тек алғашқы байттары көрінеді.
window-encrypted = құпиясөзбен шифрланған
window-not-drawn = суретін көрсету мүмкін болмады
window-drawing = Сурет дайындалып жатыр…
window-page = { $pages } беттің { $page }-беті
window-page-not-drawn = Бұл бетті көрсету мүмкін болмады.
window-pages =
    { $count ->
        [one] { $count } бет
       *[other] { $count } бет
    }
window-image-size = { $width } × { $height } пиксель
window-page-back = ‹ Алдыңғы бет
window-page-on = Келесі бет ›
window-enlarge = Үлкейту
window-fit-width = Еніне сыйғызу
window-size-octets =
    { $count ->
        [one] { $count } байт
       *[other] { $count } байт
    }
window-size-kilo = { $number } КБ
window-size-mega = { $number } МБ

# Кілттер

window-keys = Кілт
window-no-keys = Кілт әзірге жоқ. Токенді салыңыз немесе кілт файлын таңдаңыз: атауы әдетте GOST512 деп басталып, .p12 деп аяқталады.
window-first-file = Файл таңдау…
window-other-file = Басқа файл…
window-type-path = Жолын енгізу
window-path = Кілт файлының жолы
window-add-path = Қосу
window-forget = Тізімнен алып тастау
window-choose-key-file = Кілт файлын таңдаңыз
window-key-files = Кілт файлдары
window-all-files = Барлық файлдар
window-locked = әлі ашылмаған: құпиясөзін енгізіңіз
window-looking = Токендер ізделуде…
window-token = Токен: { $label }
window-token-in = Токен: { $label } ({ $reader })
window-token-serial = № { $serial }
window-locked-token = әлі ашылмаған: PIN-кодын енгізіңіз
window-driver = токен драйвері
window-iin = ЖСН { $number }
window-bin = БСН { $number }
window-until = { $date } күніне дейін
window-role-person = жеке тұлға
window-role-head = бірінші басшы
window-role-signing-employee = қол қою құқығы бар қызметкер
window-role-finance-employee = қаржы құжаттарына қол қою құқығы бар қызметкер
window-role-personnel = кадр бөлімі
window-role-employee = қызметкер
window-role-system = ақпараттық жүйе
window-role-organisation = заңды тұлға
window-reason-expired = Жарамдылық мерзімі өтіп кеткен. ҰКО-дан жаңа кілт алыңыз.
window-reason-expired-on = Жарамдылық мерзімі { $date } күні аяқталған. ҰКО-дан жаңа кілт алыңыз.
window-reason-not-yet = Жарамдылық мерзімі әлі басталмаған. Компьютердің сағатын тексеріңіз.
window-reason-wrong-use = Сайтқа басқа мақсаттағы кілт керек (қол қоюға немесе кіруге арналған).
window-reason-wrong-role = Сайтқа басқа рөлдегі кілт керек (мысалы, басшының кілті).
window-reason-person = Сайтқа басқа адамның кілті керек: ЖСН сәйкес келмейді.
window-reason-organisation = Сайтқа басқа ұйымның кілті керек: БСН сәйкес келмейді.
window-reason-serial = Сайтқа басқа сертификат керек: сериялық нөмірі сәйкес келмейді.
window-reason-key = Сайт басқа кілтті атады: соны таңдаңыз.
window-reason-issuer = Бұл кілтті берген Қазақстанның ҰКО-сы емес. Басқа кілтті таңдаңыз.
window-reason-test = Тестілік кілт: тек тестілік ортада жарайды.
window-reason-storage = Сайтқа басқа тасымалдағыштағы кілт керек. Басқасын таңдаңыз.
window-reason-algorithm = Мұндай кілтпен Tanba қол қоймайды. Басқа кілтті таңдаңыз.
window-reason-missing = Файл бұрынғы орнында жоқ. Басқа файлды таңдаңыз.
window-reason-unreadable = Файл оқылмайды немесе ол кілт файлы емес. Басқа файлды таңдаңыз.
window-reason-token-gone = Токен шығарылған. Оны қайта салыңыз.
window-reason-no-key-on-token = Токенде кілт жоқ. Оған ҰКО-дан кілт алыңыз немесе басқа токенді салыңыз.
window-reason-pin-locked = Токеннің PIN-коды бұғатталған. Оны өндірушісінің бағдарламасымен ашыңыз; әкімші коды болмаса, токенді тазалап, жаңа кілт алуға тура келеді.
window-reason-pin-not-set = Токеннің PIN-коды қойылмаған. Оны токен өндірушісінің бағдарламасымен қойыңыз.
window-reason-driver-silent = Токен драйвері жауап бермей қалды, оның кілттері көрінбейді. Токенді шығарып, қайта салыңыз.
window-reason-driver-crashed = Токен драйвері істен шықты, оның кілттері көрінбейді. Токенді шығарып, қайта салыңыз; түзелмесе, драйверді жаңартыңыз.
window-reason-blocked = Бұл кілтті жоғалған деп бұғаттағансыз. Бұғатты қалай алу керегі Tanba терезесінің «Кілттер» бөлімінде жазылған.

# Құпиясөз

window-password = Құпиясөз
window-password-given = Құпиясөз қабылданды, оны қайта енгізудің қажеті жоқ.
window-show-password = Құпиясөзді көрсету
window-hide-password = Құпиясөзді жасыру
window-layout = Пернетақта тілі: { $layout }
window-hint-caps-lock = Caps Lock қосулы.
window-hint-cyrillic = Құпиясөзде кирилл әріптері бар. Ол латын әріптерінен тұрса, пернетақта тілін ауыстырыңыз.
window-pin = PIN-код
window-pin-given = PIN-код қабылданды, оны қайта енгізудің қажеті жоқ.
window-show-pin = PIN-кодты көрсету
window-hide-pin = PIN-кодты жасыру
window-pin-at-reader = PIN-код оқу құрылғысында енгізіледі: «{ $button }» түймесін басып, сол жерде теріңіз.
window-pin-few = Соңғы кіруден кейін PIN-код қате терілген, мүмкіндіктер азайды. Олар таусылса, токен бұғатталады.
window-pin-last = Соңғы мүмкіндік: PIN-код тағы бір рет қате енгізілсе, токен бұғатталады.
window-pin-last-understood = Бұл PIN-код анық дұрыс, соңғы мүмкіндікті пайдаланамын

# Шешім

window-sign = Қол қою
window-show-key = Кілтті көрсету
window-open-key = Кілтті ашу
window-cancel = Бас тарту
window-close = Жабу
window-missing-key = Кілтті таңдаңыз.
window-missing-password = Кілттің құпиясөзін енгізіңіз.
window-missing-pin = Токеннің PIN-кодын енгізіңіз.
window-missing-token = Осы кілт жатқан токенді салыңыз.
window-missing-understanding = Бұл соңғы мүмкіндік. Алдымен PIN-кодтың анық дұрыс екенін белгілеңіз.
window-busy-opening = Кілт ашылып жатыр…
window-busy-signing = Қол қойылып жатыр…
window-busy-reader = PIN-кодты оқу құрылғысында теріңіз…
window-waiting =
    { $count ->
        [one] Тағы { $count } сұрау күтіп тұр
       *[other] Тағы { $count } сұрау күтіп тұр
    }
window-block-site = Бұл сайтты бұғаттау
window-block-domain = { $site } сайтын барлық ішкі домендерімен бірге бұғаттау
window-block-site-in-program = Осы сайтты осы бағдарламада бұғаттау
window-block-program = Бұл бағдарламаны бұғаттау
window-block-unknown-programs = Белгісіз бағдарламаларды бұғаттау
window-block-opaque = Мекенжайы жоқ беттерді бұғаттау
window-block-opaque-in = { $program } ішіндегі мекенжайы жоқ беттерді бұғаттау
window-allow-site = Бұл сайтқа сұрауға әрқашан рұқсат беру
window-site-allowed = Бұл сайтқа сұрауға рұқсат берілді
window-gone = Бет жабылды
window-gone-text = { $who }: сұрау алынып тасталды, ештеңе жіберілген жоқ. Бұл терезе өзі жабылады.
window-gone-text-late = { $who }: бет жабылды, бірақ бірдеңе жіберіліп үлгерген болуы мүмкін. Құжатқа қол қойылған-қойылмағанын сайттың өзінен қараңыз. Бұл терезе өзі жабылады.

# Көп сайт сұрайтыннан өзгеше болса, нәтижесінде не шығады

window-form-xml = Қолтаңба XML құжатының өз ішіне салынады.
window-form-stamp = ҰКО уақыт белгісі қосылады: қолтаңбаның хеші желі арқылы ҰКО-ға жіберіледі, құжаттың өзі жіберілмейді.
window-form-raw = Сайт құжатсыз тек қолтаңбаның мәнін алады.

# Кілттен басқа нәрсе туралы иә немесе жоқ

window-asks-to-read-files =
    { $count ->
        [1] компьютеріңіздегі файлды оқуды сұрайды
       *[other] компьютеріңіздегі { $count } файлды оқуды сұрайды
    }
window-read-files-explained =
    { $count ->
        [1] Tanba бұл файлды ашады, сайт онда не жазылғанын біле алады. Әзірге ештеңеге қол қойылмайды: ол туралы бөлек сұралады. Бұл файл сізге таныс болмаса, «Оқымау» түймесін басыңыз.
       *[other] Tanba бұл файлдарды ашады, сайт оларда не жазылғанын біле алады. Әзірге ештеңеге қол қойылмайды: ол туралы бөлек сұралады. Бұл файлдар сізге таныс болмаса, «Оқымау» түймесін басыңыз.
    }
window-read-files-details =
    { $count ->
        [1] Оқылатын файл
       *[other] Оқылатын файлдар
    }
window-read-files-yes =
    { $count ->
        [1] Файлды оқу
       *[other] Файлдарды оқу
    }
window-read-files-no = Оқымау
window-files-always = Қазір және әрқашан рұқсат беру: кез келген файлыңызға, сұраусыз
window-asks-to-write-file = компьютеріңізге файл сақтауды сұрайды
window-write-file-explained = Tanba файлды осы жерге сақтайды. Бұл жерде файл күтпесеңіз, «Сақтамау» түймесін басыңыз.
window-write-file-details = Файл сақталатын жер
window-write-file-yes = Файлды сақтау
window-write-file-no = Сақтамау
window-asks-to-fetch = құжатты жүктеп алуды сұрайды
window-fetch-explained = Tanba құжатты осы мекенжайдан жүктеп алады. Әзірге ештеңеге қол қойылмайды: құжатты көресіз, қол қою туралы бөлек сұралады. Бұл мекенжай сізге таныс болмаса, «Жүктемеу» түймесін басыңыз.
window-fetch-details = Құжаттың мекенжайы
window-fetch-yes = Құжатты жүктеп алу
window-fetch-no = Жүктемеу
window-asks-to-upload = файл таңдап, оған қол қойып, жіберуіңізді сұрайды
window-upload-explained = Файлды өзіңіз таңдайсыз. Оған қол қойылып, файл осы мекенжайға толық жіберіледі. Бұл мекенжай сізге таныс болмаса, «Жібермеу» түймесін басыңыз.
window-upload-details = Файл жіберілетін мекенжай
window-upload-yes = Жіберуге рұқсат беру
window-upload-no = Жібермеу
window-asks-to-stamp = қолтаңбаға уақыт белгісін қосуды сұрайды
window-stamp-explained = Қолтаңбаның хеші желі арқылы ҰКО-ға жіберіледі, ол уақытты растайды. Құжаттың өзі жіберілмейді, кілтіңіз бен құпиясөзіңіз керек емес.
window-stamp-details = Бұл кімнің қолтаңбасы
window-stamp-yes = Белгіні қосу
window-stamp-no = Қоспау
window-asks-other-site = басқа сайтқа кіруге қол қоюыңызды сұрайды
window-other-site-named = Құжат мына сайтқа кіруге арналған:
window-other-site-asks = Ал қол қоюды сұрап тұрған:
window-other-site-explained = Алаяқтар сайтқа сіздің атыңыздан осылай кіреді. Кіргіңіз келген болса, «Қол қоймау» түймесін басып, ол сайтты өзіңіз ашып, кіруді сол жерден бастаңыз.
window-other-site-understood = Бұл басқа сайтқа кіру екенін білемін және дәл осыны қалаймын
window-asks-bare = оқуға болмайтын деректерге қол қоюыңызды сұрайды
window-bare-explained = Сайт жібергенді көрсету мүмкін емес. Бұл кез келген құжатқа, тіпті өзіңіз ешқашан көрмеген құжатқа қойылған қолтаңбаңызға айналуы мүмкін.
window-bare-doubt = Бұл сайтқа мұндай қолтаңба не үшін керегін білсеңіз ғана келісіңіз. Білмесеңіз, «Қол қоймау» түймесін басыңыз.

window-asks-certificate-request = сіздің атыңызға сертификат сұрауға қол қоюыңызды сұрайды
window-asks-revocation-request = сертификатыңызды қайтарып алу туралы өтінішке қол қоюыңызды сұрайды
window-key-act-doubt = Мұны ҰКО сайтында өзіңіз бастаған болсаңыз ғана келісіңіз. Олай болмаса, «Қол қоймау» түймесін басыңыз.
window-sign-anyway = Бәрібір қол қою
window-sign-not = Қол қоймау

# Адам өзі таңдайтын файл

window-asks-to-choose-file = файл таңдауыңызды сұрайды
window-choose-file-explained = Сайт файлдың жолы мен атауын біледі, бірақ онда не жазылғанын білмейді.
window-choose-document-explained = Сайт файлдың қайда екенін білмейді. Құжат қолтаңбаның ішіне салынса, сайт файлды түгел алады. Қол қоймас бұрын құжатты көресіз.
window-choose-file-kind = Сайтқа керек файлдың кеңейтімі
window-choose-file-yes = Файл таңдау…
window-choose-file-no = Таңдамау
window-choose-file-path = Файлдың жолы
window-choose-file-take = Таңдау
window-choose-file-title = Файлды таңдаңыз

# Хабарлама

window-tells = Tanba-ның осы сұрау туралы хабары

# Жаңа кілт және оның сертификаты

window-asks-for-new-key = жаңа кілт жасауды сұрайды
window-new-key-explained = Кілт өзіңізде қалады. Сайт тек сертификатқа арналған сұрауды алады: онда жоғарыда көрсетілгендер жазылады. Әр жолды тексеріңіз.
window-make-key = Кілт жасау
window-asks-to-install = кілтіңізге арналған сертификатты орнатуды сұрайды
window-install-explained = Кілтіңіз осы сертификатты күтіп тұр: орнатсаңыз, қол қоя аласыз.
window-install = Сертификатты орнату
window-detail-name = Тегі мен аты
window-detail-surname = Тегі
window-detail-patronymic = Әкесінің аты
window-detail-iin = ЖСН
window-detail-organisation = Ұйым
window-detail-bin = БСН
window-detail-region = Облыс
window-detail-locality = Елді мекен
window-detail-email = Эл. пошта
window-detail-use = Мақсаты
window-detail-role = Рөлі
window-detail-algorithm = Алгоритм
window-detail-until = Мерзімі бітеді
window-detail-issuer = Кім берген
window-detail-standing = Тексеру
window-use-signing = құжаттарға қол қою
window-use-login = сайттарға кіру
window-algorithm-gost512 = ГОСТ 34.310-2015, 512 бит
window-algorithm-rsa2048 = RSA, 2048 бит
window-standing-nca = қолтаңбасы дұрыс, сенімді орталық
window-standing-test = қолтаңбасы дұрыс, бірақ бұл тестілік орталық
window-standing-unknown = Tanba бұл орталықты білмейді
window-install-refused = Сайт кілтіңізге сертификат берді, бірақ ол орнатылған жоқ:
window-install-anyway = Ештеңе өзгерген жоқ, кілтіңіз әлі күтіп тұр. Сайттың қолдау қызметіне хабарлаңыз.
window-place-of-key = Кілт қайда сақталады
window-key-that-waits = Сертификатты күтіп тұрған кілт
window-other-place = Басқа жер…
window-file-moved = Файл басқа жерде…
window-new-file = Жаңа файл: { $file }
window-new-path = Жаңа кілт файлының жолы
window-choose-place-title = Кілт файлын қайда жасау керек
window-reason-cannot-make = Бұл токен мұндай кілт жасамайды. Файлды немесе басқа токенді таңдаңыз.
window-reason-not-writable = Бұл токенге ештеңе жазуға болмайды. Файлды немесе басқа токенді таңдаңыз.
window-new-password = Жаңа құпиясөз
window-repeat-password = Сол құпиясөз тағы бір рет
window-password-rule = Басқа бағдарламалар, соның ішінде NCALayer, тек 6-дан 32 таңбаға дейінгі, латынның бас және кіші әрпі мен цифры бар құпиясөзді қабылдайды. Ұмытылған құпиясөз қалпына келмейді.
window-missing-new-password = Жаңа кілт файлына құпиясөз ойлап табыңыз.
window-missing-repetition = Сол құпиясөзді тағы бір рет енгізіңіз.
window-missing-agreement = Құпиясөздер бірдей емес. Қайта енгізіңіз.
window-busy-making = Кілт жасалып жатыр; бұған бір минуттай уақыт кетуі мүмкін…
window-busy-installing = Сертификат орнатылып жатыр…
