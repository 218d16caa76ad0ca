### libraries: kk

# Токендердің кітапханалары (tanba tokens)

tokens-none = Токендерге арналған бірде-бір кітапхана орнатылмаған. Токеніңіздің драйверін орнатыңыз немесе кітапханасын көрсетіңіз: tanba tokens add КІТАПХАНА
tokens-library = { $vendor }: { $path }
tokens-refused =
    Қолданылмайды: { $vendor }: { $path }
      { $why }
tokens-off = { $file } файлында өшірілген: { $vendor }: { $path }
tokens-absent = Орнатылмаған: { $vendors }
tokens-no-library-known = Кітапханасы белгісіз: { $vendors }. Сізде бар болса, қосыңыз: tanba tokens add КІТАПХАНА --vendor АТАУЫ
tokens-added = { $vendor }: { $path } қосылды. Токенді салыңыз: кілттері терезелерде көрінеді.
tokens-add-again = { $path } тізімде бұрыннан бар. Қайта қосу үшін алдымен алып тастаңыз: tanba tokens remove { $path }
tokens-add-off = { $path } { $file } файлында өшірілген. Алдымен ондағы off жолын алып тастаңыз.
tokens-removed = { $path } тізіміңізден алынды. Файлдың өзі орнында қалды.
tokens-remove-unknown =
    { $path }: мұндай кітапхананы сіз қоспағансыз. Tanba оны мүлде қолданбауы үшін { $file } файлына жазыңыз:
    { "[[library]]" }
    path = "{ $path }"
    off = true
tokens-file-wrong = { $file }, { $line }-жол: { $what }. Жол түзетілгенше токендер қолжетімсіз.
tokens-file-unreadable = { $file } оқылмайды: { $what }. Оқылғанша токендер қолжетімсіз.
tokens-file-by-hand = { $file } файлы бағдарлама бүлдіретіндей жазылған. Оны мәтін редакторында өзгертіңіз.

library-missing = { $path } файлы жоқ. Токен драйверін қайта орнатыңыз немесе кітапхананы тізімнен алып тастаңыз.
library-not-a-file = { $path } — файл емес. Кітапхананың өзін көрсетіңіз.
library-not-absolute = { $path } — толық жол емес. Кітапхананың жолын толық көрсетіңіз.
library-elsewhere = { $path } басқа компьютерде жатыр. Токен драйверін осы компьютерге орнатыңыз.
library-owned-by-others = { $path } басқа пайдаланушыға тиесілі, ол кітапхананы ауыстырып қоя алар еді. Драйверді әкімшіге орнаттырыңыз.
library-writable-by-others = { $path } ішіне бөгде адамдар жаза алады, кітапхананы ауыстырып қоюы мүмкін. Оларға жабыңыз (chmod go-w) немесе драйверді тек әкімші жазатын жерге орнатыңыз.
library-unreadable = { $path } қолжетімсіз: { $what }. Оқуға құқығыңыз бар-жоғын тексеріңіз.
