module tutorial

go 1.19
