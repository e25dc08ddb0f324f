// Header rows of devices as they write them, values invented, with all that lint says of them.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/lint_told.hpp"

namespace sipauth {
namespace {

class DeviceRowTest : public testing::TestWithParam<ToldCase> {};

TEST_P(DeviceRowTest, IsToldWhatItBreaksAndNothingElse) {
  EXPECT_EQ(told_of(GetParam().text), GetParam().told);
}

const std::vector<ToldCase> device_rows{
    {"ChanSipStale",
     R"(WWW-Authenticate: Digest algorithm=MD5, realm="pbx.example.net", nonce="7c1d0e2f", stale=true)",
     "missing-qop short-nonce"},
    {"YateWithDomain",
     R"(WWW-Authenticate: Digest realm="yate.example", domain="sip:198.51.100.2", nonce="c0ffee11deadbeef.1764504000", stale=FALSE, algorithm=MD5)",
     "missing-qop"},
    {"OracleSbc",
     R"(Proxy-Authenticate: Digest realm="sbc.example.net", nonce="5d5c0a3ff1d02b7a4be1c09a", stale=false, algorithm=MD5, qop="auth", domain="sip:sbc.example.net sip:sbc2.example.net")"},
    {"Metaswitch",
     R"(WWW-Authenticate: Digest realm="as.example.net",nonce="3f1c9d0a7b5e",stale=false,algorithm=MD5,qop="auth")",
     "short-nonce"},
    {"TwilioTrunk",
     R"(Proxy-Authenticate: Digest realm="sip.example.com",qop="auth",nonce="GqKzW9xYVtNc5dRbU2eJ8mPoHs3LaF7i",opaque="1f2e3d4c5b6a79888796a5b4c3d2e1f0")"},
    {"Sippy",
     R"(WWW-Authenticate: Digest realm="sippy.example",nonce="1f2e3d4c5b6a79888796a5b4c3d2e1f01764504000",opaque="aa",algorithm=MD5,qop="auth")"},
    {"SofiaWithAUri",
     R"(WWW-Authenticate: Digest realm="sofia.example", nonce="Q0ZBN0I2RDVFNEYzMjEwMA", algorithm=MD5, qop="auth", uri="sip:sofia.example")",
     "unknown-parameter"},
    {"SpacesRoundTheEquals",
     R"(WWW-Authenticate: Digest realm = "pbx.example.net" , nonce = "0f1e2d3c4b5a69788796a5b4" , qop = "auth")"},
    {"LowerCaseSchemeAndNames",
     R"(WWW-Authenticate: digest REALM="pbx.example.net",Nonce="0f1e2d3c4b5a69788796a5b4",Qop="auth",ALGORITHM=MD5)"},
    {"Md5InLowerCase",
     R"(WWW-Authenticate: Digest realm="pbx.example.net",nonce="0f1e2d3c4b5a69788796a5b4",algorithm=md5,qop="auth")",
     "odd-case-algorithm"},
    {"RealmWithBlanks",
     R"(WWW-Authenticate: Digest realm="Main Office PBX", nonce="0f1e2d3c4b5a69788796a5b4", qop="auth")"},
    {"RealmWithEscapedQuotes",
     R"(WWW-Authenticate: Digest realm="the \"old\" one, really", nonce="0f1e2d3c4b5a69788796a5b4", qop="auth")"},
    {"RealmWithUmlauts",
     "WWW-Authenticate: Digest realm=\"B\xC3\xBCro\", nonce=\"0f1e2d3c4b5a69788796a5b4\", "
     "qop=\"auth\""},
    {"UserhashAndCharset",
     R"(WWW-Authenticate: Digest realm="r.example", nonce="0f1e2d3c4b5a69788796a5b4", qop="auth", algorithm=SHA-256, userhash=true, charset=UTF-8)"},
    {"HashedUser",
     R"(Authorization: Digest username="0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de", realm="r", nonce="n", uri="sip:r", algorithm=SHA-256, response="0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de", qop=auth, nc=00000001, cnonce="c", userhash=true)"},
    {"UserhashFalse",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", userhash=false)"},
    {"Session",
     R"(Authorization: Digest username="u",realm="r",nonce="n",uri="sip:r",algorithm=MD5-sess,response="0badc0de0badc0de0badc0de0badc0de",qop=auth,nc=0000001f,cnonce="c")"},
    {"UserWithADomain",
     R"(Authorization: Digest username="u@r.example", realm="r.example", nonce="n", uri="sip:r.example", response="0badc0de0badc0de0badc0de0badc0de")"},
    {"UriOfTel",
     R"(Proxy-Authorization: Digest username="u", realm="r", nonce="n", uri="tel:+15551234567", response="0badc0de0badc0de0badc0de0badc0de")"},
    {"EmptyOpaque",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", opaque="", response="0badc0de0badc0de0badc0de0badc0de")"},
    {"AkaResync",
     R"(Authorization: Digest username="u@ims.example",realm="ims.example",nonce="Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4",uri="sip:ims.example",response="0badc0de0badc0de0badc0de0badc0de",algorithm=AKAv1-MD5,auts="I9J3nTkHhPpDh0M8tbo=")"},
    {"AkaNetworkNotVerified",
     R"(Authorization: Digest username="u@ims.example",realm="ims.example",nonce="Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4",uri="sip:ims.example",response="",algorithm=AKAv1-MD5)"},
    {"IntegrityProtected",
     R"(Authorization: Digest username="u@ims.example",realm="ims.example",nonce="",uri="sip:ims.example",response="",integrity-protected="tls-pending")"},
    {"TabsBetweenParameters",
     "WWW-Authenticate:\tDigest\trealm=\"r\",\tnonce=\"0f1e2d3c4b5a69788796a5b4\",\tqop=\"auth\""},
    {"FoldedCredentials",
     "Authorization: Digest username=\"u\", realm=\"r\",\r\n\tnonce=\"n\", uri=\"sip:r\",\r\n  "
     "response=\"0badc0de0badc0de0badc0de0badc0de\""},
    {"KamailioAuthenticationInfo",
     R"(Authentication-Info: nextnonce="aTx3QWk8dhVnB2JkM0p1c1RhK3Zx8Pq1", qop=auth, rspauth="0badc0de0badc0de0badc0de0badc0de", cnonce="0a4f113b", nc=00000001)"},
    {"NextNonceAlone", R"(Authentication-Info: nextnonce="47364c23432d2e131a5fb210812c")"},
    {"LyncNtlm",
     R"(WWW-Authenticate: NTLM realm="SIP Communications Service", targetname="lync.corp.example", version=4)",
     "other-scheme"},
    {"Kerberos",
     R"(Authorization: Kerberos qop="auth", realm="SIP Communications Service", targetname="sip/lync.corp.example", gssapi-data="YIIE", version=3)"},
    {"BearerToken", R"(Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln)"},
};
INSTANTIATE_TEST_SUITE_P(Rows, DeviceRowTest, testing::ValuesIn(device_rows),
                         [](const auto& row) { return std::string{row.param.proves}; });

}  // namespace
}  // namespace sipauth
