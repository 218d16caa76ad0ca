//! The NCA's authorities for RSA, as facts. Their certificates have expired, or are of the test authority; those of 2022
//! are not known (kz-crypto 9.3). Signatures of their time are still to be checked.

use super::anchors::{Embedded, Environment};

/// Root and issuing authority of 2015–2025.
pub(super) const PRODUCTION: [Embedded; 2] = [
    Embedded {
        common_name: "НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)",
        organisation: Some("РМК «МЕМЛЕКЕТТІК ТЕХНИКАЛЫҚ ҚЫЗМЕТ»"),
        country_first: false,
        key: "96a2dd3fc67c1bcb2be5f5a2fa5a7caf67ea45ed8d2ec8ae1e7b64353aaed756e763b87eab92e501b4d52623df151721a9e8\
              20eb8b2129da8dcbef6b3d6dd2c2ada1c00410d87ac0c284da78a3e0877b6eb15c61440c849aadaf5701969ae89c8ae0d44a\
              be3984c60c1066fc4b0a1c15d5b5ee0c7a6fe3188af710e1442ff89826b75af4d2dc81779a9c6af50848cff1998a8d7e3fa8\
              c580a9b87b68f834989a40f52c280e6d27bc249d813181f54a117b1a82e9aef9c4875061c616108fdcc7aa796079ede3f7a2\
              1e013fa77c1d263a02b4ea9ccca97500c09d22a75179cd2cc38517c4ffa63d18b2393b798f35e5352cc1fbd034cfa0f1f016\
              0e3e0afa3d50692e60ee59401b043d92005da956f1fd75bb93b9c00e7040fbffbfd4353427e332cbb7522186ee935e98e90e\
              6adcc89f6d9a3f8cacf197ebabe51f803b91b1071ebf099212785cc90f426d9bf54f6f304c753c5a1177bf007f7fddd9dab2\
              68aef26e1ee24593f6813dc91e416dde0f1824b372f57593369c821e62b524137a1ecb6db77954106bf61601f385f2cbd5b7\
              61dbb503e38461a3ebce7cc6f4d88b8144ad90363f99e88e027b8d27523168aef1d2edfca8cd1d30c420f69808abedd2ab60\
              4b7ea05744026d71b2ad24cd217ad7842797ef5498bc96e33cc626487f78b58e8a1114a949de62c5569560a6d955bcb0c3c6\
              530f53c178be367ac482699b",
        key_identifier: "d4a51869ef8b3f15fdeaadbd47e094816b066a3b",
        certificate: Some((
            1_437_974_573, // 2015-07-27T05:22:53Z
            1_753_593_773, // 2025-07-27T05:22:53Z
            "a7064abc5699827f370c67b09f1a1bfd7ad5e1514d471223df209c08300ea972",
        )),
        environment: Environment::Production,
    },
    Embedded {
        common_name: "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)",
        organisation: None,
        country_first: true,
        key: "ae5bcc73d5f4c64b55633fd399b6c52b390d9d7e590ea44def8f318da139bff9dbbf9ea7d21dbe5031b73425bdbafa43a23c\
              260f4560e58541d75012a3287a2a6c693f2f6fb179ebd548a7833704bb3dd7e2f5c49561461a258289d6ae377d9f7374ea91\
              2f8225ce0f6071956a4f227c5536f4cb448b838ec3bae4a39ec99781ccb9cf8546842c6f5370f9ef66df5da2e71a0bcf1c69\
              2f511513510e6d37c9fb81f8b244fb99ee5feb3270c54b900288d001eee0871d97a0e292a3f697f301dc149c9d0ec2cf34c2\
              2a7e69baae91d3a56e395f442e109a6fc252176bf3af8790b870072d7cfad7f2cddb6bc520d18c19bf0bb12e12902033ff7d\
              2c6274c2b0395c00c8908b615df476dc04c1c4957c10b2837fe4e5a5a87e02b66479e6e99e3ef6c2c02466645d769bae892b\
              f27af420e3e7962a1032e1aa6227f8185532fd595695a9cb70e4af8b6b1f76a0c9790e1748e3f5b5ace189f98121328dc2d6\
              45bf57bde62d0e207d269067ed6446b1dc12773a2d86937c55c4fd2ce48987824acbced6224f642e0c2e4cab267b357d10e2\
              4f5d118101a9b10062f13533c57b402bea33ea417d2d0c98c6ac806ad0b1bdb691827a312e2a4152ba22f3894ff20aa8e50d\
              4f91f3151630ab2833a47410bc7964b7c3c655cc0af66d45e96c1b29e72fd92d8db91f9640f236694d907f784be8ea22d02e\
              301f89e815b91fdf8faa5d55",
        key_identifier: "5b6a7411",
        certificate: Some((
            1_533_702_396, // 2018-08-08T04:26:36Z
            1_750_825_596, // 2025-06-25T04:26:36Z
            "34d1b311a9873191ae3382805df51e0a5da23315c512a8deeb885668ceeb5834",
        )),
        environment: Environment::Production,
    },
];

/// Root and issuing authority of the test environment, of 2018 and 2019.
pub(super) const NCA_TEST: [Embedded; 2] = [
    Embedded {
        common_name: "НЕГІЗГІ КО TEST (RSA)",
        organisation: None,
        country_first: false,
        key: "cc8163d0ea9900c40c481a8f442cb1d90755b7ad3623fa888281f4f886031a81142f5b80d87f1288f2ea43dab9fa2478abf7\
              ea0f00e51028dc9687f7b22714d4fbb42a58403a5d6e8969fe46b8c9eb98dafd0f2b9ae4854ef08f3da8cc462001a8c60606\
              228727ef2df0993cd777cb3082532f459b14555ce84789d8fa3bb70790009ca068e352ccd74888d03c37b8117f67e9320f46\
              c39840916743c6cba5541b6f3deeae02a067412a31d401d2c09512fc3fc74b0c3849475ec24d9d6f11d0defa3ec1d1fc38bc\
              b1bec11fffaf5f026f285cf57ba81e8ed3fedb1f125e9a96a9a089ae96099b6f590d10e4b6a5fcb209a7c85a5d29be655bb0\
              52e519e861d2206c51b6e34ee7880e4fdfb0ce70e1019083e4051a35ada4e221d098029f708b4ac3ad87f2485f7d6ecb9d26\
              892a68127fb5607d3f63fba7d8a1ae4bc0ed4b5351629989bfde1d2d3681e5d99de0303db89dcaa3a7de9c5b9237f4593511\
              9a7de6b9edaee1a45b96eccb2ec6bfcab220e2f6c75dd8067360304115d8e42c25c075a7741a6717dcc67850139e1e67f16a\
              1915dafec95db88cac8729aba5bd6eda1905b2934425e4f773a7d0286ffc7849f0a96fbf3f5fc012b2bc57661093e68ec81a\
              883f3c583179a30e3d20c080a109bebe1d343d85574ab6a3821a1116c226cc19d37c7851c53f81fe33b36aa6948f66185081\
              9e6f154c838e4fe03bc7c7b1",
        key_identifier: "d3c77dffaca2f50ec163195baffe727757b23ce2",
        certificate: Some((
            1_530_767_765, // 2018-07-05T05:16:05Z
            2_161_487_765, // 2038-06-30T05:16:05Z
            "4d05179bcb02180bfc37618372671357df7dd8b7865973eae77b83213cae717b",
        )),
        environment: Environment::Test,
    },
    Embedded {
        common_name: "ҰКО 3.0 (RSA TEST)",
        organisation: None,
        country_first: true,
        key: "d4dbf5441df680f089b3d9c267faa8aae2f0aa34d70a802a38da62d3d9a96b223f1e8f7e0ef98efe1b57724de7df5584231a\
              30e02e9b56a2f8134753dd99cc89b05c7674b6c8b6738e100cfd012eb34f745472d822bbd3860a54ba2339bd2ee139d77e09\
              6e351fd5e52a079678ccbcc4d20aabbb47b3a198f5b92094e2816f430189afc8dde87b37a86b31a5d18094b237c17ba33465\
              7e4445e0303805227b751e4bbfe4fa5282f444d145da430e2de742be4a1d7b621641c5bb36d8d8380efc1e91afc06abec040\
              41df7fcf93aa1df0e933f86963c2211b62a718da51ce64195eb7130f7d4fd1659692ad797bf05101c4d6b4c223cabf30fabf\
              eb420099bbc9a4214dde390b5231550ccc87f8195743845bd138d250ebf01b6661d7a23d84e562600800999dd881ce08acef\
              d61d855065cff8ee5dc018877142264f662b7c2d878a46e6e048db654cf83012da2224f040e7108e0bc7788617a422228be9\
              55d47a044e9240f6b26c928d30dd72b9caf5c21d07ffe074ef512e0370a258be3870ae46ec0c0169eec0d412299b90c97ace\
              9c33bf42bc259a364791b98e6f4a888ada450d7ee2f2dae0afbfda332a900ff314feb8cae0a316e2dce8592d9f8ef6893582\
              0515d0ea08ad073c6b628720f9e464bd5e379669bcb4783a8cf4e507be7c11cfb4e23fd5f3d911e501eb5d58ee5adf1b06b2\
              b082bfdd7815a9e8a7d6e497",
        key_identifier: "a68c16337cb8e83567063e5e415755a2af345068",
        certificate: Some((
            1_552_621_337, // 2019-03-15T03:42:17Z
            1_710_301_337, // 2024-03-13T03:42:17Z
            "7e96a36409dc11e0fc99efae41f8c639e16a495d77c2f2278edb98580f997231",
        )),
        environment: Environment::Test,
    },
];
