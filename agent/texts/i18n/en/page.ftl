### page: en
