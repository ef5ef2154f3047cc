/// A self-signed certificate with its key, for tests only.
struct TestCertificate: Sendable {
    let certificate: String
    let key: String

    /// For localhost and 127.0.0.1, valid until 2120.
    static let trusted = TestCertificate(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBVzCB/aADAgECAhQKmGk5awo6FulwAa/5cKUCD/RVsDAKBggqhkjOPQQDAjAS
            MRAwDgYDVQQDDAd0cnVzdGVkMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAw
            MDAwWjASMRAwDgYDVQQDDAd0cnVzdGVkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
            QgAE9cGC/0gZL0orMsj4KBpb/hZ8lqj/ycu0Ed4uWitaiLKnV0uTEFfwd5LkQCN9
            EUZ7oEfL6OlzRRQg44kavrcb0aMvMC0wGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/
            AAABMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhALQWUnhLKrI7
            Pn089psaXftW0fVDJno67idr89D5G4mbAiEAlBW+RA+ZN3tiTjrdewCEAVVCGhaD
            kk2Xal8tnJ5UnfE=
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8ldnMQz/cNpwwRQK
            3oeLSydCI75S+CIYsg5WdBlTi/ihRANCAAT1wYL/SBkvSisyyPgoGlv+FnyWqP/J
            y7QR3i5aK1qIsqdXS5MQV/B3kuRAI30RRnugR8vo6XNFFCDjiRq+txvR
            -----END PRIVATE KEY-----
            """
    )

    /// For localhost and 127.0.0.1, expired in 2021.
    static let expired = TestCertificate(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBVTCB+6ADAgECAhRAJXqUsrlfX1O9hD819vb6xnse0DAKBggqhkjOPQQDAjAS
            MRAwDgYDVQQDDAdleHBpcmVkMB4XDTIwMDEwMTAwMDAwMFoXDTIxMDEwMTAwMDAw
            MFowEjEQMA4GA1UEAwwHZXhwaXJlZDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
            BPj+RXp5ZOOGYkXtvzboYWMj9Jpe5gzb0uHnATBoyjah0Ve5usQD0fZuiBlLbBxS
            N5VQZpvv/8hbXnRjBisrVrWjLzAtMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAA
            ATAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCfIfOTX+EAe1iI
            9kkNcBeGqGpUSHAtC1Z4Tfyn/p3fEQIhAJp1g8AGUjaZTEn0ejP9GyNXctZHgRwY
            bVV0ps7/UfLU
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgs+IfTj74akSUfWl3
            cmTLA6jGSLD0GXClGjzvIDOdTHShRANCAAT4/kV6eWTjhmJF7b826GFjI/SaXuYM
            29Lh5wEwaMo2odFXubrEA9H2bogZS2wcUjeVUGab7//IW150YwYrK1a1
            -----END PRIVATE KEY-----
            """
    )

    /// For `other.example` only.
    static let foreign = TestCertificate(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBVTCB+6ADAgECAhQnalqfcYFvH6+BYx+IWXMJcY7QZTAKBggqhkjOPQQDAjAS
            MRAwDgYDVQQDDAdmb3JlaWduMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAw
            MDAwWjASMRAwDgYDVQQDDAdmb3JlaWduMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
            QgAEhF908GZrepYxysPHY6p9Cyex2ip6LSlQ1y67pKRQYXfcaaHnlmth2dxu9ytd
            l2n30Em8gbhfz49JcMcKSfKJLqMtMCswGAYDVR0RBBEwD4INb3RoZXIuZXhhbXBs
            ZTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCmLRCIjCvhcAb+
            p3Ve9VauBrTEyfWE1p8tlEqAu/qJxgIhAJVTjA6LZI8uFQW9liZKP4trbtXmrRGL
            Nwe5ScAYYaa8
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGwE8RxTqwGTz0lbG
            Zn9yLOICjvc54cjWYq9aOOMuqIehRANCAASEX3TwZmt6ljHKw8djqn0LJ7HaKnot
            KVDXLrukpFBhd9xpoeeWa2HZ3G73K12XaffQSbyBuF/Pj0lwxwpJ8oku
            -----END PRIVATE KEY-----
            """
    )
}
