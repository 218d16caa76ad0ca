### errors: en
