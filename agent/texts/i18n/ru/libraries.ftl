### libraries: ru

# Библиотеки токенов (tanba tokens)

tokens-none = Нет ни одной библиотеки для токенов. Установите драйвер своего токена или укажите его библиотеку: tanba tokens add БИБЛИОТЕКА
tokens-library = { $vendor }: { $path }
tokens-refused =
    Не используется: { $vendor }: { $path }
      { $why }
tokens-off = Отключена в { $file }: { $vendor }: { $path }
tokens-absent = Не установлены: { $vendors }
tokens-no-library-known = Библиотека неизвестна: { $vendors }. Если она у вас есть, добавьте её: tanba tokens add БИБЛИОТЕКА --vendor НАЗВАНИЕ
tokens-added = { $vendor }: { $path } — добавлено. Вставьте токен: его ключи появятся в окнах.
tokens-add-again = { $path } уже есть в списке. Чтобы добавить заново, сначала уберите: tanba tokens remove { $path }
tokens-add-off = { $path } отключена в { $file }. Сначала уберите оттуда строку off.
tokens-removed = { $path }: убрано из вашего списка. Сам файл остался на месте.
tokens-remove-unknown =
    { $path }: вы не добавляли такой библиотеки. Чтобы Tanba никогда к ней не обращалась, впишите в { $file }:
    { "[[library]]" }
    path = "{ $path }"
    off = true
tokens-file-wrong = { $file }, строка { $line }: { $what }. Пока строка не исправлена, токены недоступны.
tokens-file-unreadable = { $file } не читается: { $what }. Пока это так, токены недоступны.
tokens-file-by-hand = { $file } записан так, что программа его испортит. Исправьте его в редакторе.

library-missing = Файла { $path } нет. Установите драйвер токена заново или уберите библиотеку из списка.
library-not-a-file = { $path } — не файл. Укажите саму библиотеку.
library-not-absolute = { $path } — не полный путь. Укажите путь к библиотеке целиком.
library-elsewhere = { $path } находится на другом компьютере. Установите драйвер токена на этом.
library-owned-by-others = { $path } принадлежит другому пользователю, и он мог бы подменить библиотеку. Попросите администратора установить драйвер.
library-writable-by-others = В { $path } могут писать посторонние и подменить библиотеку. Закройте им доступ (chmod go-w) или установите драйвер туда, куда пишет только администратор.
library-unreadable = { $path } недоступен: { $what }. Проверьте, есть ли у вас право на чтение.
