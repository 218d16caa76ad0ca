### page: kk
