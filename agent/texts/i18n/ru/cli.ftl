### cli: ru

# Команды с ключами и файлами (tanba keys, sign, verify, inspect)

cli-error = Ошибка: { $what }
cli-password-prompt = Пароль к { $file }:
cli-password-needs-terminal = Пароль можно ввести только с клавиатуры. В сценариях передайте его первой строкой ввода и добавьте --password-stdin.

keys-added = Запомнен ключ: { $name }, до { $until }. Пароль не сохранён.
keys-test-key-outside = Это ТЕСТОВЫЙ ключ. Чтобы подписывать им, включите тестовую среду: test_environment = true в файле { $settings }
keys-none = Ключей пока нет. Добавьте файл: tanba keys add ФАЙЛ.p12
keys-file = { $path }
keys-file-missing = { $path } (файла нет на месте)
keys-key =   { $name } { $organisation } · { $algorithm } · до { $until }
keys-key-expired =   { $name } { $organisation } · { $algorithm } · истёк { $until }
keys-key-not-yet =   { $name } { $organisation } · { $algorithm } · ещё не действует
keys-test =   ТЕСТ: не имеет юридической силы
keys-removed = { $path } забыт. Сам файл остался на месте.
keys-unknown = { $path } нет среди запомненных. Список: tanba keys list
keys-demo-made =
    Сделан ТЕСТОВЫЙ ключ для знакомства с Tanba: { $path }
    Пароль: { $password }
    Для этой папки данных включена тестовая среда ({ $settings }): все окна говорят ТЕСТ.
keys-demo-there =
    ТЕСТОВЫЙ ключ уже есть: { $path }
    Пароль: { $password }
    Тестовая среда этой папки данных включена ({ $settings }).

sign-exists = { $path } уже есть. Назовите другой файл через -o или добавьте --force.
sign-no-alias = В файле нет ключа с именем { $alias }. Имена показывает tanba inspect.
sign-several-keys = В файле несколько ключей. Выберите один через --alias; имена показывает tanba inspect.
sign-expired = Срок сертификата истёк { $until }. Получите новый ключ в НУЦ.
sign-not-yet = Сертификат ещё не действует. Проверьте часы компьютера.
sign-test-key = ТЕСТ: подпись сделана тестовым ключом и не имеет юридической силы.
sign-done = Подписано: { $name } → { $path }
