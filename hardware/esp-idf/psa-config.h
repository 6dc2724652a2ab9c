// What Mbed TLS shall not build, besides what sdkconfig says: esp_config.h of ESP-IDF v6.0 undoes no default of PSA's for these, whatever
// CONFIG_MBEDTLS_… says (but for P-384). Wi-Fi as WPA2 and WPA3 wants AES, SHA-1, SHA-256 and P-256, which stay.

#pragma once

/* Curves other than P-256. */
#undef PSA_WANT_ECC_BRAINPOOL_P_R1_256
#undef PSA_WANT_ECC_BRAINPOOL_P_R1_384
#undef PSA_WANT_ECC_BRAINPOOL_P_R1_512
#undef PSA_WANT_ECC_MONTGOMERY_255
#undef PSA_WANT_ECC_MONTGOMERY_448
#undef PSA_WANT_ECC_SECP_K1_256
#undef PSA_WANT_ECC_SECP_R1_384
#undef PSA_WANT_ECC_SECP_R1_521

/* Diffie-Hellman over finite fields: WPA3 uses the curve. */
#undef PSA_WANT_ALG_FFDH
#undef PSA_WANT_DH_RFC7919_2048
#undef PSA_WANT_DH_RFC7919_3072
#undef PSA_WANT_DH_RFC7919_4096
#undef PSA_WANT_DH_RFC7919_6144
#undef PSA_WANT_DH_RFC7919_8192
#undef PSA_WANT_KEY_TYPE_DH_KEY_PAIR_BASIC
#undef PSA_WANT_KEY_TYPE_DH_KEY_PAIR_EXPORT
#undef PSA_WANT_KEY_TYPE_DH_KEY_PAIR_GENERATE
#undef PSA_WANT_KEY_TYPE_DH_KEY_PAIR_IMPORT
#undef PSA_WANT_KEY_TYPE_DH_PUBLIC_KEY

/* J-PAKE, which WPA3's SAE is not; CCM without a tag, whose CCM sdkconfig leaves out; keys from passwords by AES-CMAC. */
#undef PSA_WANT_ALG_CCM_STAR_NO_TAG
#undef PSA_WANT_ALG_JPAKE
#undef PSA_WANT_ALG_PBKDF2_AES_CMAC_PRF_128
#undef PSA_WANT_ALG_SOME_PAKE
#undef PSA_WANT_ALG_TLS12_ECJPAKE_TO_PMS
