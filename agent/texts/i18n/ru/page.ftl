### page: ru
