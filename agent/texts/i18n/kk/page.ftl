### The local page, and the sentences for those who are refused at the door.

page-title = Tanba
page-language-name = Қазақша
page-language = Тіл
page-checking = Байланыс тексерілуде…
page-ready = Tanba дайын
page-ready-next = Сайттар сізден қол қоюды сұрай алады. Сайтқа оралыңыз; бұл бетті жабуға болады.
page-untrusted = Дайын дерлік
page-untrusted-next = Tanba жауап береді, бірақ бұл браузер оның жергілікті сертификатына әлі сенбейді. Терминалда мына команданы орындап, браузерді қайта іске қосыңыз:
page-unreachable = Tanba жауап бермейді
page-unreachable-next = Бетті жаңартыңыз. Көмектеспесе, Tanba бағдарламасын қайта іске қосыңыз. Қорғалған қосылымдарды тексеретін бағдарлама, мысалы антивирус, кедергі болуы мүмкін.
page-attention = Сайттар сізден қол қоюды сұрай алады. Назар аударыңыз: { $names }
page-attention-next = Не істеу керегі осы жолдарда жазылған.
page-fault = Әзірге қол қою мүмкін емес: { $names }
page-fault-next = Не істеу керегі осы жолдарда жазылған.
page-signed = Бәрі жұмыс істейді: сынақ файлға қол қойылды, қолтаңба тексерілді
page-signed-next = Сайт бәрібір қол қойғызбаса, осы сөйлемді оның қолдау қызметіне оқып беріп, төмендегі есепті жіберіңіз.
page-no-script = Tanba іске қосылған
page-no-script-next = Бұл бет басқа ештеңе тексере алмайды: браузерде JavaScript өшірулі немесе браузер тым ескі. Браузер баптауларында JavaScript-ті қосыңыз немесе осы бетті жаңа Chrome не Firefox браузерінде ашыңыз. Порталдарға да бұл керек.
page-version = Нұсқа
page-address = Мекенжай

page-refused-malformed = Tanba мұндай сұрауды түсінбейді.
page-refused-too-large = Сұрау тым үлкен. Осы компьютер мекенжайының cookie файлдарын өшіріп, қайталап көріңіз.
page-refused-host = Бұл мекенжай компьютеріңіздегі бағдарламаға бөтен атпен апарады. 127.0.0.1:{ $port } мекенжайын ашыңыз.
page-refused-method = Tanba бетін тек қарауға болады.
page-refused-not-found = Tanba-да бір ғана бет бар: /
page-refused-version = WebSocket-тің бұл нұсқасына қолдау жоқ.
page-refused-another-user = Бұл Tanba-ны осы компьютердің басқа пайдаланушысы іске қосқан. Өзіңіздікін басқа портта іске қосыңыз.
page-refused-unknown-user = Жүйе қай пайдаланушы сұрап тұрғанын айтпайды, сондықтан Tanba жауап бермейді.
