# Баптаулар (tanba settings)

settings-next =
    Өзгерту: tanba settings set БАПТАУ МӘН
    Әдепкі мәнін қайтару: tanba settings reset БАПТАУ
settings-line-default = { $key } = { $value }
    {"    "}{ $what }
settings-line-own = { $key } = { $value } · өзіңіз қойғансыз
    {"    "}{ $what }
settings-line-administrator = { $key } = { $value } · әкімші қойған
    {"    "}{ $what }
settings-set = { $key } = { $value }
settings-reset = { $key } = { $value } (әдепкі мән)
settings-at-start = Қайта іске қосқаннан кейін күшіне енеді: tanba run командасын тоқтатып (Ctrl+C), қайта іске қосыңыз.
settings-empty = (бос)
settings-system = (жүйедегідей)
settings-locked = { $key } баптауын осы компьютердің әкімшісі қойған ({ $file }). Оны тек әкімші өзгерте алады.
settings-not-allowed = { $key } мәні «{ $value }» бола алмайды. Жарайтыны: { $expected }
settings-unknown = { $key } деген баптау жоқ. Тізім: tanba settings list
settings-link = { $file } баптау файлыңыз — сілтеме, ал ол көрсеткен файл жазылмайды: { $what }. Сілтеме тек өзіңіз өзгерте алатын файлды көрсетсін немесе файлдың өзін осында қойыңыз.
settings-value = { $key } мәні (экранда көрінбейді):{" "}
settings-no-value = Стандартты енгізуде { $key } мәні жоқ.
settings-password-seen = Бұл мәндегі құпиясөз командалық жолда тұрды: оны сол жерден және командалар тарихынан басқа бағдарламалар оқи алады. Дұрысы: tanba settings set { $key } -
settings-administrators-file = Әкімшінің файлы: { $file }

run-settings-administrator-broken = Әкімшінің { $file } баптау файлы жарамсыз. Бұл туралы әкімшіге айтыңыз ({ $what }).
run-settings-administrator-untrusted = Әкімшінің баптау файлы қолданылмайды. Оны және оның үстіндегі қалталарды тек әкімші (root) өзгерте алуы керек; оған айтыңыз ({ $what }).

setting-language = Терезелердің, беттердің және хабарлардың тілі
setting-port = Tanba сайттарды күтетін порт; сайттар тек 13579 портын іздейді
setting-test-environment = ҰКО-ның тестілік сертификаттарын қабылдау; онда барлық терезеде ТЕСТ деп жазылады
setting-tray = Tanba күйін хабарландыру аймағындағы белгішемен көрсету
setting-limits-frame-mebibytes = Сайт хабарының ең үлкен көлемі, МиБ
setting-limits-waiting-requests = Ашық терезенің артында қанша сұрау күте алады
setting-limits-connections = Бір мезгілде қанша қосылым ашық бола алады
setting-limits-memory-mebibytes = Барлық хабар бірге қанша жад ала алады, МиБ; кемінде ең үлкен үшеуі және тағы 64
setting-signer-idle-seconds = Бет қалмағанда қол қою бағдарламасы келесі сұрауды неше секунд күтеді
setting-services-proxy = ҰКО қызметтеріне арналған прокси: жүйедегідей (system), проксисіз (none) немесе мекенжай
setting-services-tsp = Уақыт белгілері қайдан алынады
setting-services-ocsp = Сертификат қайтарып алынбағанын кімнен сұрау керек; бос болса — сертификаттың өзі атағаннан, егер ол ҰКО болса
setting-services-also = Сертификат ҰКО-дан басқа қандай түйіндерді атай алады (ұйымның өз орталығы)
setting-services-timeout-seconds = Қызметтің жауабын неше секунд күту керек
setting-services-check-before-signing = Қол қояр алдында сертификат қайтарып алынбағанын сұрау; жауап болмаса, кедергі емес
setting-notifications-expiry = Кілт мерзімі бітуге 30, 14, 7 және 1 күн қалғанда және кілт қайтарып алынғанда ескерту
setting-updates-file = Ең жаңа нұсқа жазылған, қол қойылған файл: мекенжайы немесе жолы; бос болса, ешкімнен сұралмайды
setting-updates-signer = Сол файлдағы кімнің қолтаңбасына сену керек: сертификаттың SHA-256 мәні
setting-legacy-file-paths = Сайттар осы компьютердегі файлды жолы бойынша сұрай ала ма (ескі сайттар солай істейді)
setting-legacy-sites = Тек тізімдегі сайттарға рұқсат болғанда қайсысына: түйіннің аты немесе нақты мекенжайы
