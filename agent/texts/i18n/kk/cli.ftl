### cli: kk

# Кілттер мен файлдарға арналған командалар (tanba keys, sign, verify, inspect)

cli-error = Қате: { $what }
cli-file-missing = { $path } файлы жоқ. Жолын тексеріңіз.
cli-file-folder = { $path } — қалта. Файлды көрсетіңіз.
cli-file-failed = { $path } файлын оқу немесе жазу мүмкін болмады. Рұқсат пен бос орынды тексеріңіз ({ $what }).
cli-password-prompt = { $file } құпиясөзі:
cli-password-needs-terminal = Құпиясөзді тек пернетақтадан енгізуге болады. Скрипттерде оны стандартты енгізудің бірінші жолында беріп, --password-stdin қосыңыз.

keys-added = Кілт есте сақталды: { $name }, { $until } күніне дейін. Құпиясөз сақталған жоқ.
keys-added-expired = Бұл кілттің мерзімі { $until } күні аяқталған, онымен қол қоюға болмайды. Жаңасын egov.kz немесе pki.gov.kz сайтынан алыңыз.
keys-test-key-outside = Бұл — ТЕСТІЛІК кілт. Онымен қол қою үшін тестілік ортаны қосыңыз: { $settings } файлында test_environment = true
keys-none = Әзірге кілт жоқ. Файл қосыңыз: tanba keys add ФАЙЛ.p12
keys-file = { $path }
keys-file-missing = { $path } (файл орнында жоқ)
keys-key-days = { "  " }{ $name } · { $algorithm } · № { $serial } · { $until } күніне дейін, { $days ->
    [0] бір тәулікке жетпейтін уақыт қалды
   *[other] { $days } күн қалды
}
keys-key-expired = { "  " }{ $name } · { $algorithm } · № { $serial } · мерзімі { $until } күні аяқталған
keys-key-not-yet = { "  " }{ $name } · { $algorithm } · № { $serial } · әлі күшіне енген жоқ
keys-test = { "  " }ТЕСТ: заңды күші жоқ
keys-gost = ГОСТ ({ $which })
keys-for-signing = қол қоюға арналған
keys-for-login = кіруге арналған
keys-ends-soon = { "    " }Кілт жарамды кезде оны pki.gov.kz жеке кабинетінде қайта шығарыңыз («ЭЦҚ кілттерін қайта шығару»).
keys-removed = { $path } тізімнен алынды. Файлдың өзі орнында қалды.
keys-unknown = { $path } тізімде жоқ. Тізім: tanba keys list
keys-demo-made =
    Tanba-мен танысуға арналған тестілік кілт жасалды: { $path }
    Құпиясөзі: { $password }
    Осы деректер қалтасы үшін тестілік орта қосылды ({ $settings }): барлық терезеде ТЕСТ деген жазу тұрады.
keys-demo-there =
    Тестілік кілт бұрыннан бар: { $path }
    Құпиясөзі: { $password }
    Осы деректер қалтасының тестілік ортасы қосулы ({ $settings }).

sign-exists = { $path } бұрыннан бар. -o арқылы басқа файлды көрсетіңіз немесе --force қосыңыз.
sign-too-large = Мұндай үлкен файл қолтаңбаның ішіне сыймайды (ең көбі { $most } МБ). --detached қосыңыз: құжат қолтаңбаның қасында қалады.
sign-no-alias = Файлда атауы { $alias } кілт жоқ. Кілт атауларын tanba inspect көрсетеді.
sign-several-keys = Файлда бірнеше кілт бар. Біреуін --alias арқылы таңдаңыз; кілт атауларын tanba inspect көрсетеді.
token-not-there =
    { $count ->
        [0] «{ $name }» токені көрінбейді, басқа токендер де жоқ. Оны салыңыз; қандай драйверлер табылғанын tanba tokens list көрсетеді.
       *[other] «{ $name }» токені көрінбейді. Салынғандары: { $tokens }. Тізімі: tanba tokens list
    }
token-several = «{ $name }» атты бірнеше токен салынған. Керегінің сериялық нөмірін көрсетіңіз.
token-hidden-silent = «{ $name }» токені көрінбейді: { $vendor } драйвері жауап бермейді. Токенді шығарып, қайта салып, қайталаңыз; көмектеспесе, драйверді қайта орнатыңыз.
token-hidden-broken = «{ $name }» токені көрінбейді: { $vendor } драйвері жұмыс істемейді. Қайталаңыз; көмектеспесе, драйверді токен өндірушісінің сайтынан қайта орнатыңыз.
token-pin-prompt = { $label } токенінің PIN-коды:
token-pin-at-reader = { $label } токенінің PIN-кодын оқу құрылғысында теріңіз; ол бірнеше рет сұрауы мүмкін.
token-last-try-by-hand = Соңғы мүмкіндік: PIN-код тағы бір рет қате енгізілсе, токен бұғатталады. Команданы --password-stdin (--pin-stdin) параметрінсіз іске қосып, PIN-кодты пернетақтадан енгізіңіз.
sign-no-key-named = Кілт файлын (--key) немесе токенді (--token) көрсетіңіз.
sign-no-alias-on-token = Токенде атауы { $alias } кілт жоқ. Барлары: { $names }
sign-several-keys-on-token = Токенде бірнеше кілт бар: { $names }. Біреуін --alias арқылы таңдаңыз.
sign-expired = Сертификат мерзімі { $until } күні аяқталды. ҰКО-дан жаңа кілт алыңыз.
sign-not-yet = Сертификат әлі күшіне енген жоқ. Компьютер сағатын тексеріңіз.
sign-test-key = ТЕСТ: қолтаңба тестілік кілтпен жасалды, заңды күші жоқ.
sign-test-key-refused = Бұл — тестілік кілт, ал тестілік орта өшірулі. Қол қойылмады. Сынап көру үшін { $path } файлына test_environment = true деп жазыңыз.
sign-done = Қол қойылды: { $name } → { $path }

inspect-certificate = Сертификат
inspect-key-file = Кілт файлы, { $count } кілт
inspect-alias = Кілт атауы (--alias): { $value }
inspect-no-certificate = { "  " }сертификатсыз
inspect-nothing-known = Бұл сертификат та, CMS қолтаңбасы да, .p12 кілт файлы да емес.
inspect-name = Аты-жөні: { $value }
inspect-iin = ЖСН: { $value }
inspect-organisation = Ұйым: { $value }
inspect-bin = БСН: { $value }
inspect-issuer = Берген: { $value }
inspect-issued-nca = Куәландырушы орталық: ҚР ҰКО, сертификаттың қолтаңбасы тексерілді
inspect-issued-test = ТЕСТ: тестілік орталық берген, заңды күші жоқ
inspect-issued-unknown = Куәландырушы орталық белгісіз, оның қолтаңбасын тексеруге мүмкіндік жоқ
inspect-valid = Жарамды: { $value }
inspect-expired = Мерзімі аяқталған: { $value }
inspect-not-yet = Әлі күшіне енген жоқ: { $value }
inspect-algorithm = Алгоритм: { $value }
inspect-serial = Сериялық нөмірі: { $value }

verify-good = Қолтаңба дұрыс.
verify-bad = Қолтаңба ҚАБЫЛДАНБАДЫ.
verify-good-test = ТЕСТ: қолтаңба дұрыс, бірақ сертификат тестілік, заңды күші жоқ.
verify-unchecked = Қолтаңба әлі тексерілмеді: құжат керек.
verify-signer = { $number }-қол қоюшы (барлығы { $total })
verify-signing-time = Қол қойылған уақыт (қол қоюшының айтуынша): { $value }
verify-signing-time-none = Қол қойылған уақыт көрсетілмеген
verify-embedded = Құжат қолтаңбаның ішінде: { $size } байт
verify-detached = Құжат қолтаңбаның сыртында
verify-problem = Мәселе: { $value }
verify-no-revocation = Қайтарып алынуы тексерілмеді: ешкімнен сұралған жоқ, қолтаңбада да жауап жоқ.
verify-not-a-signature = Бұл Tanba оқитын қолтаңба емес: CMS (DER, PEM немесе base64), қол қойылған XML немесе PDF керек.
verify-content-needed = Қолтаңбада құжат жоқ. Оны көрсетіңіз: --content ФАЙЛ
verify-no-signers = Файлда бірде-бір қолтаңба жоқ.
verify-cert-missing = қолтаңбада қол қоюшының сертификаты жоқ
verify-cert-unknown = сертификатты белгісіз орталық шығарған (әкімші оны қоса алады: tanba trust ca add)
verify-cert-test = сертификат тестілік, ал тестілік орта өшірулі
verify-cert-not-valid = қол қойылған уақытта сертификат жарамсыз болған
verify-time-future = қол қойылған уақыт әлі келген жоқ: қол қоюшының немесе осы компьютердің сағаты дұрыс емес
verify-problem-content-differs = құжат өзгертілген немесе бұл басқа құжат
verify-problem-digest-length = ұзындығы сәйкес емес хешке қол қойылған: мұндай қолтаңбаны ешкім тексере алмайды
verify-problem-other-certificate = басқа сертификатқа қол қойылған
verify-problem-signature = қолтаңба мәні кілтке сәйкес келмейді
verify-problem-not-checked = тексерілмеді: бұл қолтаңбаның алгоритміне әзірге қолдау жоқ ({ $detail })
verify-problem-structure = қолтаңбаның құрылымы дұрыс емес ({ $detail })

# Іске қосу және сенім (tanba run, tanba trust)

run-ready = Tanba дайын. Оның беті: { $page }
run-failed = Tanba іске қосыла алмады: { $what }
run-running-already = Tanba бұрыннан іске қосулы ({ $pid } процесі). Біреуі жеткілікті: оның бетін ашыңыз: https://127.0.0.1:{ $port }/
run-running-somewhere = Осы деректер қалтасымен Tanba бұрыннан іске қосулы.
run-port-taken = { $port } порты бос емес, ал қай бағдарлама алғанын жүйе айтпайды. Сол бағдарламаны жабыңыз немесе басқа порт таңдаңыз: --port.
run-port-taken-program = { $port } портын { $program } бағдарламасы алған ({ $pid } процесі{ $path }). Оны жабыңыз немесе басқа порт таңдаңыз: --port.
run-port-taken-ncalayer = { $port } портын NCALayer алған ({ $pid } процесі). Сайттар екеуінің тек біреуін көреді: NCALayer-ді жауып, Tanba-ны қайта іске қосыңыз.
run-port-taken-tanba = { $port } портын басқа Tanba алған ({ $pid } процесі). Оны жабыңыз немесе басқа порт таңдаңыз: --port.
run-port-taken-tanba-somewhere = { $port } портын басқа Tanba алған. Оны жабыңыз немесе басқа порт таңдаңыз: --port.
run-port-taken-user = { $port } портын осы компьютердің басқа пайдаланушысының бағдарламасы алған. Басқа порт таңдаңыз: --port; сайттар { $standard } портын күтеді.
run-signer-missing = { $path } файлы жоқ, онсыз қол қою мүмкін емес. Tanba-ны қайта орнатыңыз.
run-setting-unknown = { $file } файлындағы белгісіз { $key } параметрі ескерілмеді.
run-settings-broken = { $file } файлы жарамсыз. Оны түзетіңіз немесе атын өзгертіңіз: сонда бастапқы мәндер қолданылады ({ $what }).

trust-tool-missing = { $tool } бағдарламасы жоқ. Оны орнатыңыз: apt install libnss3-tools (Debian, Ubuntu), dnf install nss-tools (Fedora), pacman -S nss (Arch).
trust-failed = Браузерлердің сертификат қоймалары қолжетімсіз: { $what }
trust-no-certificate = Tanba-да әзірге жергілікті сертификат жоқ. Оны tanba trust install командасы жасайды.
trust-certificate = Жергілікті сертификат: { $name }, { $until } күніне дейін
trust-no-stores = Осы үй қалтасында әзірге бірде-бір браузер сертификат сақтамайды.
trust-store-trusted = { $browser }: сенеді · { $path }
trust-store-untrusted = { $browser }: сертификат бар, бірақ сенім жоқ · { $path }
trust-store-absent = { $browser }: сенбейді · { $path }
trust-store-locked = { $browser }: қойма негізгі құпиясөзбен жабылған. Онда https://127.0.0.1:13579/ бетін ашып, сертификатты сол жерде қабылдаңыз · { $path }
trust-store-unusable = { $browser }: қойма ашылмайды ({ $what }) · { $path }
trust-restart = Ашық тұрған браузерлерді қайта іске қосыңыз.

# Сайттар туралы шешімдер (tanba sites)

sites-none = Әзірге бірде-бір сайтқа жауап берілген жоқ.
sites-seen = { $origin } · { $program } · бұрын жауап берілген
sites-allowed = { $origin } · { $program } · сұрауға рұқсат етілген
sites-blocked = { $origin } · { $program } · бұғатталған. Сұрауларын қайта қабылдау үшін: tanba sites forget { $origin }
sites-blocked-site = { $origin } · { $program } · { $site } сайтының барлық мекенжайларымен бірге бұғатталған. Сұрауларын қайта қабылдау үшін: tanba sites forget { $origin }
sites-paths = { $origin } · { $program } · файлдарыңызды сұраусыз оқып, сақтай алады. Рұқсатты қайтарып алу үшін: tanba sites forget { $origin }
sites-forgotten = { $origin } ұмытылды: оның келесі сұрауы жаңа сайттан келгендей көрсетіледі.
sites-unknown = { $origin } туралы ештеңе сақталмаған. Тізім: tanba sites list

service-unreachable = { $service } қызметіне қосылу мүмкін емес ({ $host }). Желі мен проксиді тексеріп, қайталап көріңіз.
service-slow = { $service } қызметі жауап бермейді ({ $host }). Бірнеше минуттан кейін қайталап көріңіз.
service-strange = { $service } қызметі жарамсыз жауап берді ({ $host }). Кейінірек қайталаңыз; түзелмесе, ҰКО-ға хабарлаңыз.
service-not-allowed = { $url } — ҰКО мекенжайы емес, сондықтан сұрау жіберілмеді.
service-proxy = Параметрлердегі прокси http://host:port түріндегі мекенжай емес. services.proxy мәнін түзетіңіз.
evidence-unreadable = Келген жауап мұндай қызмет жіберетіндей емес, оны оқу мүмкін емес. Жауапты прокси ауыстырған болуы мүмкін.
evidence-refused = Қызмет сұрауға жауап бермейтінін хабарлады.
evidence-off-the-question = Бұл — басқа сұраққа берілген жауап.
evidence-not-believed = Жауапқа тиісті тарап қол қоймаған.
evidence-out-of-time = Жауап тым ескі немесе болашақ уақыттан келген. Компьютердің сағатын тексеріңіз.
evidence-not-asked = Сұрау мүмкін болмады.

ca-added = Енді қабылданады: { $name }
    SHA-256 { $fingerprint }
    Орталықтың өзі жариялағанымен салыстырыңыз; сәйкес келмесе: tanba trust ca remove { $fingerprint }
ca-not-certificate = Бұл файл сертификат емес.
ca-no-authority = Бұл куәландырушы орталықтың сертификаты емес: ол сертификат шығара алмайды, сондықтан қосудың қажеті жоқ.
ca-not-valid-now = Бүгін оның сертификаты жарамсыз ({ $from } – { $until }); мерзімінде шығарылғанын тексеруге болады.
ca-test-outside = Тестілік орталық { $settings } файлында test_environment = true болғанда ғана ескеріледі.
ca-line-embedded = { $name }
ca-line-added = { $name } · қосылған
ca-line-test = { $name } · ТЕСТ
ca-line-test-added = { $name } · ТЕСТ · қосылған
ca-line-certificate = {"    "}{ $until } күніне дейін · SHA-256 { $fingerprint }
ca-line-key-only = {"    "}{ $identifier } кілті бойынша белгілі; сертификатының өзін көрген жоқпыз
ca-test-do-not-count = Тестілік орталықтар ескерілмейді: тестілік орта өшірулі.
ca-fingerprint-wanted = Қайсысы? tanba trust ca list көрсететін SHA-256-ның кемінде 8 таңбасын жазыңыз.
ca-unknown = SHA-256-сы { $fingerprint } деп басталатын қосылған орталық жоқ. Tanba-мен бірге келгендері қалады.
ca-several = { $fingerprint } деп басталатыны бірнешеу: көбірек таңба жазыңыз.
ca-removed = Енді қабылданбайды: { $name }

verify-content-not-wanted = --content тек құжатсыз CMS үшін керек. XML мен PDF қол қойылғанның өзін қамтиды.
verify-remark = Ескерту: { $value }
verify-covers-document = Бүкіл құжатқа қол қойылған
verify-covers-element = Тек { $detail } элементіне қол қойылған, қалғанына емес
verify-covers-nothing = { $detail } көрсетілген, бірақ құжатта ондай жоқ
verify-pdf-covers-all = { $detail } өрісі: бүкіл файлға қол қойылған
verify-pdf-then-signatures = { $detail } өрісі: файлдың сол кездегі күйіне қол қойылған; кейін басқа қолтаңбалар қосылған
verify-pdf-then-changes = { $detail } өрісі: файлдың сол кездегі күйіне қол қойылған; кейін құжат ӨЗГЕРТІЛГЕН
verify-pdf-then-unknown = { $detail } өрісі: файлдың сол кездегі күйіне қол қойылған; кейін не қосылғанын оқу мүмкін болмады
verify-pdf-changed = соңғы қолтаңбадан кейін құжат өзгертілген: онда қол қойылғаннан көбі көрсетіледі
verify-stamp = Уақыт белгісі: { $value } · { $service }
verify-stamp-bad = Жарамсыз уақыт белгісі: { $detail }
verify-stamp-not-believed = Уақыт белгісі ештеңе дәлелдемейді: { $detail }
verify-time-not-proven = Сертификат мерзімі содан бері аяқталған. Бұрын қол қойылғанын тек қол қоюшының сағаты айтады; уақыт белгісі ғана дәлел болар еді.
verify-anchor = Сенім негізі: { $anchor }
verify-anchor-key-only = Сенім негізі: { $anchor } (кілті бойынша белгілі; сертификатының өзін көрген жоқпыз)
verify-anchor-test = Тестілік орталық: { $anchor }
verify-anchor-none = Сенімді орталықтардың ешқайсысы шығармаған: { $detail }
verify-not-revoked = Қайтарып алынбаған: { $source }, { $value }
verify-revoked = { $value } сәтінен бастап ҚАЙТАРЫП АЛЫНҒАН ({ $reason }): { $source }
verify-revocation-unknown = Қайтарып алынған-алынбағаны белгісіз: { $detail }
verify-trouble = {"    "}{ $detail }
verify-cert-revoked = сертификат қайтарып алынған

sign-options-differ = Бұл параметрлер бірге қолданылмайды: --detached, --add, --content және --format — CMS үшін, --compact — XML үшін, --visible, --reason және --location — PDF үшін, ал XML-ге уақыт белгісі қойылмайды.
sign-not-added = Қолтаңбаңыз қосылмады: { $detail }. CMS ішінде құжат болмаса, оны көрсетіңіз: --content ФАЙЛ
sign-stamp-unusable = Уақыт белгісін пайдалануға болмайды: { $detail }
sign-stamp-not-believed = Ескерту: уақыт белгісі сәйкес, бірақ оны берген қызметтің орталығы мұнда белгісіз ({ $detail }).
sign-long-term-failed = { $name } сертификатының қайтарып алынғаны анықталмады, сондықтан ұзақ сақтауға арналған қолтаңба жасалмайды: { $detail }
sign-stamp-heading = Электрондық қолтаңба қойылды
sign-stamp-time = Уақыты: { $value }
sign-pdf-failed = Бұл PDF-тің ішіне қол қоюға болмайды: { $detail }. --detached арқылы қолтаңба қасындағы файлға жазылады.
sign-xml-failed = Бұл құжатқа XML ретінде қол қоюға болмайды: { $detail }. --as xml болмаса, CMS жасалады.

inspect-issued-added = Куәландырушы орталық: осында қосылған (tanba trust ca list), сертификаттың қолтаңбасы тексерілді
ca-is-test = { $name } — тестілік орталық. Оны --test арқылы қосыңыз немесе мүлде қоспаңыз: ол шығарғанның заңды күші жоқ.
ca-is-real = { $name } бұрыннан қабылданады және тестілік емес. Алдымен оны жойыңыз: tanba trust ca list
verify-revocation-no-issuer = Қайтарып алынуы тексерілмеді: сертификатты шығарған орталыққа мұнда сенім жоқ
verify-cert-revocation-unknown = сертификаттың қайтарып алынғаны анықталмады (--require-revocation)
verify-open-revocation = Анықталмады: сертификат қайтарып алынған ба.
verify-open-time = Дәлелденбеді: сертификат мерзімі аяқталғанға дейін қол қойылғаны.
verify-none = Файлда қолтаңба жоқ.
sign-add-is-for-cms = --add — CMS үшін. PDF-ке келесі қолтаңба --add-сіз қойылады.
sign-no-folder = { $path } қалтасы жоқ. Оны жасаңыз немесе басқасын көрсетіңіз.
verify-issuer-revoked = сертификаттың үстіндегі орталық қайтарып алынған
verify-wrong-purpose = бұл қызметтің сертификаты немесе оның кілтімен қол қоюға болмайды: онымен құжатқа қол қойылмайды
verify-open-purpose = Ескерту: бұл — кіруге арналған кілт, құжатқа қол қоюға арналмаған.
sign-stamp-time-differs = оның уақыты осы компьютердің уақытынан алшақ; сағатты тексеріңіз
verify-cert-not-valid-now = сертификат бүгін жарамсыз, ал қашан қол қойылғаны файлда айтылмаған
verify-pdf-changed-after = бұл қолтаңбадан кейін құжат өзгертілген: қазір көрсетілгені — қол қойылғаны емес

# Түсініксіз командалық жол

usage-unknown-argument = Мұнда { $what } параметрі жоқ.
usage-missing-argument = Жетіспейді: { $what }
usage-unknown-command = Мұндай команда жоқ: { $what }.
usage-missing-command = { $what }: одан кейін команда керек.
usage-missing-value = { $what }: одан кейін мән керек.
usage-wrong-value = «{ $value }» мәні { $what } үшін жарамайды.
usage-conflict = { $what } мен { $value } бірге қолданылмайды.
usage-allowed = Жарайтыны: { $what }
usage-meant = Мүмкін, мынаны жазбақ болдыңыз: { $what }
usage-help = Толығырақ: --help

# tanba log

log-empty = Жұмыс журналы әлі жоқ. Ол tanba run бірдеңе жазғанда пайда болады.
log-saved = Жұмыс журналы сақталды: { $file }. Басқаға бермес бұрын оқып шығыңыз: онда сұраған сайттар аталған.
log-there = { $file } бұрыннан бар, Tanba бар файлдың үстінен жазбайды. Басқа атау таңдаңыз.
log-not-written = Жұмыс журналын сақтау мүмкін болмады ({ $what }). Басқа орын таңдаңыз.
log-unreadable = Жұмыс журналын оқу мүмкін болмады ({ $what }).
