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
page-no-script = Tanba іске қосылған. Сайттардың оған жететінін тек JavaScript қосулы болғанда тексеруге болады.
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
