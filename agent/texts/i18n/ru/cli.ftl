### cli: ru
