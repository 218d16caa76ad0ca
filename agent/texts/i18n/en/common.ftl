### common: en
