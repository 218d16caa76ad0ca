### cli: en
