### cli: kk

# Кілттер мен файлдарға арналған командалар (tanba keys, sign, verify, inspect)

cli-error = Қате: { $what }
cli-password-prompt = { $file } құпиясөзі:
cli-password-needs-terminal = Құпиясөзді тек пернетақтадан енгізуге болады. Скрипттерде оны енгізудің бірінші жолымен беріп, --password-stdin қосыңыз.

keys-added = Кілт есте сақталды: { $name }, { $until } дейін. Құпиясөз сақталған жоқ.
keys-test-key-outside = Бұл ТЕСТ кілті. Онымен қол қою үшін тест ортасын қосыңыз: { $settings } файлында test_environment = true
keys-none = Әзірге кілт жоқ. Файл қосыңыз: tanba keys add ФАЙЛ.p12
keys-file = { $path }
keys-file-missing = { $path } (файл орнында жоқ)
keys-key = { "  " }{ $name } · { $algorithm } · { $until } дейін
keys-key-expired = { "  " }{ $name } · { $algorithm } · мерзімі { $until } аяқталған
keys-key-not-yet = { "  " }{ $name } · { $algorithm } · әлі күшіне енген жоқ
keys-test = { "  " }ТЕСТ: заңды күші жоқ
keys-removed = { $path } ұмытылды. Файлдың өзі орнында қалды.
keys-unknown = { $path } есте сақталғандар арасында жоқ. Тізім: tanba keys list
keys-demo-made =
    Tanba-мен танысуға арналған ТЕСТ кілті жасалды: { $path }
    Құпиясөзі: { $password }
    Осы деректер қалтасы үшін тест ортасы қосылды ({ $settings }): барлық терезелер ТЕСТ деп көрсетеді.
keys-demo-there =
    ТЕСТ кілті бұрыннан бар: { $path }
    Құпиясөзі: { $password }
    Осы деректер қалтасының тест ортасы қосулы ({ $settings }).

sign-exists = { $path } бұрыннан бар. -o арқылы басқа файлды атаңыз немесе --force қосыңыз.
sign-too-large = Мұндай үлкен файл қолтаңбаның ішіне сыймайды (ең көбі { $most } МБ). --detached қосыңыз: құжат қолтаңбаның қасында қалады.
sign-no-alias = Файлда { $alias } атты кілт жоқ. Аттарын tanba inspect көрсетеді.
sign-several-keys = Файлда бірнеше кілт бар. Біреуін --alias арқылы таңдаңыз; аттарын tanba inspect көрсетеді.
sign-expired = Сертификат мерзімі { $until } аяқталды. ҰКО-дан жаңа кілт алыңыз.
sign-not-yet = Сертификат әлі күшіне енген жоқ. Компьютер сағатын тексеріңіз.
sign-test-key = ТЕСТ: қолтаңба тест кілтімен жасалды, заңды күші жоқ.
sign-done = Қол қойылды: { $name } → { $path }

inspect-certificate = Сертификат
inspect-key-file = Кілт файлы, { $count } кілт
inspect-alias = Кілт { $value }
inspect-no-certificate = { "  " }сертификатсыз
inspect-nothing-known = Бұл сертификат та, CMS қолтаңбасы да, .p12 кілт файлы да емес.
inspect-name = Аты-жөні: { $value }
inspect-iin = ЖСН: { $value }
inspect-organisation = Ұйым: { $value }
inspect-bin = БСН: { $value }
inspect-issuer = Берген: { $value }
inspect-issued-nca = Куәландырушы орталық: ҚР ҰКО, сертификаттың қолтаңбасы тексерілді
inspect-issued-test = ТЕСТ: тест орталығы берген, заңды күші жоқ
inspect-issued-unknown = Куәландырушы орталық белгісіз, оның қолтаңбасын тексеруге мүмкіндік жоқ
inspect-valid = Жарамды: { $value }
inspect-expired = Мерзімі аяқталған: { $value }
inspect-not-yet = Әлі күшіне енген жоқ: { $value }
inspect-algorithm = Алгоритм: { $value }
inspect-serial = Сериялық нөмірі: { $value }

verify-good = Қолтаңба дұрыс.
verify-bad = Қолтаңба ҚАБЫЛДАНБАДЫ.
verify-good-test = ТЕСТ: қолтаңба дұрыс, бірақ сертификат тесттік, заңды күші жоқ.
verify-signer = Қол қоюшы { $number } / { $total }
verify-signing-time = Қол қойылған уақыт (қол қоюшының айтуынша): { $value }
verify-signing-time-none = Қол қойылған уақыт көрсетілмеген
verify-embedded = Құжат қолтаңбаның ішінде: { $size } байт
verify-detached = Құжат қолтаңбадан тыс
verify-problem = Дұрыс емес: { $value }
verify-no-revocation = Сертификаттың кері қайтарылғаны тексерілген жоқ: бұл нұсқа OCSP мен CRL-ге жүгінбейді.
verify-not-a-signature = Бұл CMS қолтаңбасы емес (DER, PEM немесе base64 керек).
verify-content-needed = Қолтаңбада құжат жоқ. Оны атаңыз: --content ФАЙЛ
verify-no-signers = Файлда бірде-бір қолтаңба жоқ.
verify-cert-missing = қолтаңбада қол қоюшының сертификаты жоқ
verify-cert-unknown = сертификатты белгісіз орталық берген
verify-cert-test = сертификат тесттік, ал тест ортасы өшірулі
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
run-signer-missing = { $path } файлы жоқ: қол қоятын ештеңе жоқ. Tanba-ны қайта орнатыңыз.
run-setting-unknown = { $file } файлындағы белгісіз { $key } баптауы ескерілмеді.
run-settings-broken = { $file } файлы жарамсыз: { $what }

trust-tool-missing = { $tool } бағдарламасы жоқ. Оны орнатыңыз: apt install libnss3-tools (Debian, Ubuntu), dnf install nss-tools (Fedora), pacman -S nss (Arch).
trust-failed = Браузерлердің сертификат қоймалары қолжетімсіз: { $what }
trust-no-certificate = Tanba-да әзірге жергілікті сертификат жоқ. Оны tanba trust install командасы жасайды.
trust-certificate = Жергілікті сертификат: { $name }, { $until } дейін
trust-no-stores = Осы үй қалтасында әзірге бірде-бір браузер сертификат сақтамайды.
trust-store-trusted = { $browser }: сенеді · { $path }
trust-store-untrusted = { $browser }: сертификат бар, бірақ сенім жоқ · { $path }
trust-store-absent = { $browser }: сенбейді · { $path }
trust-store-locked = { $browser }: қойма негізгі құпиясөзбен жабылған. Онда https://127.0.0.1:13579/ бетін ашып, сертификатты сол жерде қабылдаңыз · { $path }
trust-store-unusable = { $browser }: қойма ашылмайды ({ $what }) · { $path }
trust-restart = Ашық тұрған браузерлерді қайта іске қосыңыз.
