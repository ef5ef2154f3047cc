/// Keys that only these tests use.
enum TestKeys {
    static let rsa = """
        -----BEGIN PRIVATE KEY-----
        MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC9tirdaP8Nzxmu
        +i6NwpT/AE15CJzkI9LfvpLYq0ykz5WOAjqNcD+Q1ZtcZ604O5a3gSVzjVuofZRQ
        fH4FWqJ2zyjvwuxSD5uE7oSjBbl3MjXm6p00uKjigthTIjOgRNXeS3FwosuRqYDS
        Nf+uR1e6339l6y6b7Ey3leChOCCccEdwKXTj7UpUZhKxR7au5vml8v/npLTslLbw
        LfxFLpUwFq80xxC5UY8vlXJL8PycamzIUJEjSvNjz9tYTw7nx6k/G9lYyarjQGrh
        bQ7zkGPdtheIn0A3ShGjpts8CuRmFJKc9k4fHPw3wQ+R7Lg9fEIhKUPoHXmPWm3T
        e7GdvHrFAgMBAAECggEAAcfed3fqAPqt2TR0UGoAVQkZ27t8IYYWj3lt+Ruuhf4u
        1LI/qMk3cjLBw73IufY75XAQZm5wFaZMHe9KjYlQF2u9YiFtxMgXDnSLXoO0vcza
        WwGzxRAWAb5MV9zCfaF3x8o51TP/U4LdozDU5rwOXkIvzh3wMOV9w4a5djnyexVs
        lUSrXjAk6u7V1JjwBuBxQ60bGUOYgdV+xJu5os6uBIJXKUJDCI80En3ob5+CNz+z
        CUP7gL1e6XEkXTLH16TLk4NxEcr9Wrbmox18HrwjZ5JHkxrIxNBl9Rwa1PB1cD4I
        8YZmL4N5S92OtYFfiZLRjRPAJh450StQHDEY1mGN4QKBgQDjUD8XIUdOYuw9LMSy
        G9cBxw2n2gsQU5x6K1oRaQ33o38ReRnNnXvEA85vZNMbQC+C+D82NWS2i4At5ltc
        VGjlSPwWBCWgFJC8S3IhCyoX3rJHeq7Spo91aDpor62XLmd578N0wNz1T04ybA84
        uQYyWFUlHknzEJ6oc+iWhuUksQKBgQDVpyCvqXdmpyheHICJ42Q/rRTg4Yvd2Njq
        Httx9J4532UxAgmp+LX5EvScCDk0e4u8QlyisQ5DcUrVdjEht+8Tu7efTjw4tOrn
        8Cn+q5qaoU4ahg5xelOANUtRlb7epYzWRq8NAbrM2lxKo0ypOUSOwLoWGpxpr5Oi
        n4F6DJ8MVQKBgCBsXdNqx8UCjzfanuPY3L5AKk5654EYrAUxEdPR7FAaXhGb+HY/
        tFutP1DcTNBiQ2SnDD0rOIZhN5NUfEubLqsl0e9CACvpQwvYpxrXgNWOylcvxKf/
        Yg8ZItuz00rxL4lRDcwlhl7nRPwkNbedjKi5uMtmmp21DSxx/AccjqrBAoGAIDjg
        eR254EV9lRP/XsxopiHYcEIT8hVuQYD936Xg5yGGBWolQvk7mKD/OzkSR5QKcw4f
        InpJiGphuufkaQ1whS1eeCw4cOT4OJrD+qCu5HtHaECnlP258jAXd+p5quKU5wwq
        AnAsWBDmsmsGeM8mQ9FVP1gsFtRgE7qysFGO+zECgYEAwZg/mKH2hwXi0pMOqLyj
        hNX9PDSF9nCcpU2N/NAb4usPboZPVuZKwR4V/3i2JlIP5CTjNa8ImlagTFG2CAGA
        4+L+rOqtPVrG57TtGUm7BB5IMkS6mle0udw8M5R18681ZycfLhospEwZmCK48uAG
        HYKqUDkQmCXFHqslF1tljxs=
        -----END PRIVATE KEY-----
        """
}
