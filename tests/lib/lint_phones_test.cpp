// Messages of phones as they write them, values invented, with
// all that lint says of them: a line too many here is a false alarm.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/lint_told.hpp"

namespace sipauth {
namespace {

class PhoneMessageTest : public testing::TestWithParam<ToldCase> {};

TEST_P(PhoneMessageTest, IsToldWhatItBreaksAndNothingElse) {
  EXPECT_EQ(told_of(with_crlf(GetParam().text)), GetParam().told);
}

TEST_P(PhoneMessageTest, LineFeedsAloneAndMarksOfAMailChangeNothing) {
  EXPECT_EQ(told_of(GetParam().text), GetParam().told);
  EXPECT_EQ(told_of(quoted_in_a_mail(GetParam().text)), GetParam().told);
}

const std::vector<ToldCase> messages_of_phones{
    {"FritzBoxRegistersAtAProvider", R"(REGISTER sip:tel.provider.example SIP/2.0
Via: SIP/2.0/UDP 203.0.113.77:5060;rport;branch=z9hG4bKC7F1A4E9D02B3C85
Route: <sip:tel.provider.example;lr>
From: <sip:493012345678@tel.provider.example>;tag=B5E7A11D4C2F9083
To: <sip:493012345678@tel.provider.example>
Call-ID: 9D1E6A44B7C2F035@203.0.113.77
CSeq: 5032 REGISTER
Contact: <sip:493012345678@203.0.113.77;uniq=0A1B2C3D4E5F60718293A4B5C6D7E>;+sip.instance="<urn:uuid:00000000-0000-0000-0000-3C3712AABBCC>"
Authorization: Digest username="493012345678", realm="tel.provider.example", nonce="4F5E6D7C8B9A0112", uri="sip:tel.provider.example", response="0badc0de0badc0de0badc0de0badc0de", algorithm=MD5
Max-Forwards: 70
Expires: 1800
User-Agent: AVM FRITZ!Box 7590 154.07.57 (Jul 18 2023)
Supported: 100rel,replaces,timer
Allow-Events: telephone-event,refer
Allow: INVITE,ACK,OPTIONS,CANCEL,BYE,UPDATE,PRACK,INFO,SUBSCRIBE,NOTIFY,REFER,MESSAGE,PUBLISH
Accept: application/sdp, multipart/mixed
Accept-Encoding: identity
Content-Length: 0

)"},
    {"CiscoSpa", R"(REGISTER sip:sip.example.net SIP/2.0
Via: SIP/2.0/UDP 192.168.1.44:5060;branch=z9hG4bK-1c2d3e4f
From: "Desk 12" <sip:1012@sip.example.net>;tag=9b8a7c6d5e4f3a2bo0
To: "Desk 12" <sip:1012@sip.example.net>
Call-ID: 6a7b8c9d-1e2f3a4b@192.168.1.44
CSeq: 40312 REGISTER
Max-Forwards: 70
Authorization: Digest username="1012",realm="sip.example.net",nonce="6dNmLq93aXz8Tq1b",uri="sip:sip.example.net",algorithm=MD5,response="0badc0de0badc0de0badc0de0badc0de",qop=auth,nc=00000001,cnonce="8c7d6e5f"
Contact: "Desk 12" <sip:1012@192.168.1.44:5060>;expires=3600
User-Agent: Cisco/SPA525G2-7.6.2c
Content-Length: 0
Allow: ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, UPDATE
Supported: replaces

)"},
    {"CiscoUnified", R"(REGISTER sip:cucm1.corp.example SIP/2.0
Via: SIP/2.0/TCP 10.20.30.40:51002;branch=z9hG4bK3a7f1c2d
From: <sip:4401@cucm1.corp.example>;tag=0c75bd11a2b30002413f5c6d-2a1b3c4d
To: <sip:4401@cucm1.corp.example>
Call-ID: 0c75bd11-a2b30002-5f1e2d3c-1b2a3948@10.20.30.40
Max-Forwards: 70
Date: Mon, 30 Nov 2026 08:15:42 GMT
CSeq: 101 REGISTER
User-Agent: Cisco-CP8845/12.8.1
Contact: <sip:9f8e7d6c-5b4a-3928-1706-f5e4d3c2b1a0@10.20.30.40:51002;transport=tcp>;+sip.instance="<urn:uuid:00000000-0000-0000-0000-0c75bd11a2b3>";+u.sip!devicename.ccm.cisco.com="SEP0C75BD11A2B3";+u.sip!model.ccm.cisco.com="36217";video
Supported: replaces,join,sdp-anat,norefersub,resource-priority,extended-refer,X-cisco-callinfo,X-cisco-serviceuri,X-cisco-escapecodes,X-cisco-service-control,X-cisco-srtp-fallback,X-cisco-monrec,X-cisco-config,X-cisco-sis-7.0.0,X-cisco-xsi-8.5.1
Content-Length: 0
Reason: SIP;cause=200;text="cisco-alarm:25 Name=SEP0C75BD11A2B3 ActiveLoad=sip8845_65.12-8-1-0001-455 InactiveLoad=sip8845_65.12-7-1 Last=initialized"
Expires: 3600

)"},
    {"Yealink", R"(REGISTER sip:voip.example.com:5060 SIP/2.0
Via: SIP/2.0/UDP 192.168.10.33:5060;branch=z9hG4bK3141592653
From: "Anna Z" <sip:201@voip.example.com:5060>;tag=2718281828
To: "Anna Z" <sip:201@voip.example.com:5060>
Call-ID: 0_1618033988@192.168.10.33
CSeq: 2 REGISTER
Contact: <sip:201@192.168.10.33:5060>
Authorization: Digest username="201", realm="voip.example.com", nonce="1764504300/9c0d1e2f3a4b5c6d7e8f901a2b3c4d5e", uri="sip:voip.example.com:5060", response="0badc0de0badc0de0badc0de0badc0de", algorithm=MD5, cnonce="0a4f113b", opaque="5bdb2c1f27b6b3c4", qop=auth, nc=00000001
Allow: INVITE, INFO, PRACK, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REGISTER, SUBSCRIBE, REFER, PUBLISH, UPDATE, MESSAGE
Max-Forwards: 70
User-Agent: Yealink SIP-T54W 96.86.0.45
Expires: 3600
Allow-Events: talk,hold,conference,refer,check-sync
Mac: 80:5e:c0:aa:bb:cc
Line: 0
Content-Length: 0

)"},
    {"Grandstream", R"(REGISTER sip:pbx.example.net SIP/2.0
Via: SIP/2.0/UDP 192.168.5.12:5062;branch=z9hG4bK1466728113;rport
Route: <sip:192.0.2.8:5060;lr>
From: "Office" <sip:702@pbx.example.net>;tag=1984206733
To: <sip:702@pbx.example.net>
Call-ID: 1221873909-5062-1@BJC.BGI.F.BC
CSeq: 2001 REGISTER
Contact: <sip:702@192.168.5.12:5062>;reg-id=1;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000B82AABBCC>"
Authorization: Digest username="702", realm="pbx.example.net", nonce="6e2d11aabbccddee01", uri="sip:pbx.example.net", response="0badc0de0badc0de0badc0de0badc0de", algorithm=MD5, cnonce="52331120", qop=auth, nc=00000003
Max-Forwards: 70
User-Agent: Grandstream GXP2170 1.0.11.74
Supported: path
Expires: 3600
Allow: INVITE, ACK, OPTIONS, CANCEL, BYE, SUBSCRIBE, NOTIFY, INFO, REFER, UPDATE, MESSAGE
Content-Length: 0

)"},
    {"Snom", R"(REGISTER sip:pbx.example.net SIP/2.0
Via: SIP/2.0/TLS 192.168.7.40:2053;branch=z9hG4bK-x2k9v1m4q7zs;rport
From: "Empfang" <sip:100@pbx.example.net>;tag=q7p1w9d2kz
To: "Empfang" <sip:100@pbx.example.net>
Call-ID: 313736343530343331323334-a9x2b7c4d1e0
CSeq: 912 REGISTER
Max-Forwards: 70
User-Agent: snomD785/10.1.169.15
Contact: <sip:100@192.168.7.40:2053;transport=tls;line=9p2x7k1m>;reg-id=1;q=1.0;+sip.instance="<urn:uuid:7a1c9e0f-3b5d-4e2a-9c8b-000413aabbcc>";audio;mobility="fixed";duplex="full";description="snomD785";actor="principal";events="dialog";methods="INVITE,ACK,CANCEL,BYE,REFER,OPTIONS,NOTIFY,SUBSCRIBE,PRACK,MESSAGE,INFO"
Allow-Events: dialog
X-Real-IP: 192.168.7.40
Supported: path, gruu, outbound
Authorization: Digest username="100",realm="pbx.example.net",nonce="1764504300/9c0d1e2f",uri="sip:pbx.example.net",qop=auth,nc=00000001,cnonce="c5f1a2d0",response="0badc0de0badc0de0badc0de0badc0de",opaque="5bdb2c1f",algorithm=MD5
Expires: 3600
Content-Length: 0

)"},
    {"Polycom", R"(REGISTER sip:as.example.net:5060 SIP/2.0
Via: SIP/2.0/UDP 172.16.4.9;branch=z9hG4bK8f3b1a2c5D6E7F80
From: "2125550123" <sip:2125550123@as.example.net>;tag=A1B2C3D4-5E6F7081
To: <sip:2125550123@as.example.net>
CSeq: 2 REGISTER
Call-ID: 1a2b3c4d5e6f708192a3b4c5d6e7f809
Contact: <sip:2125550123@172.16.4.9>;methods="INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, MESSAGE, SUBSCRIBE, NOTIFY, PRACK, UPDATE, REFER"
User-Agent: PolycomVVX-VVX_410-UA/5.9.8.5760
Accept-Language: en
Authorization: Digest username="2125550123", realm="as.example.net", nonce="BroadWorksXmi4k2j1aTx9vwz0BW", qop=auth, cnonce="2oKnqlTzS7rKqd2", nc=00000001, uri="sip:as.example.net:5060", response="0badc0de0badc0de0badc0de0badc0de", algorithm=MD5
Max-Forwards: 70
Expires: 3600
Content-Length: 0

)"},
    {"AudioCodesGateway", R"(REGISTER sip:itsp.example.com SIP/2.0
Via: SIP/2.0/UDP 192.0.2.90:5060;branch=z9hG4bKac1763098211
Max-Forwards: 70
From: <sip:GW01@itsp.example.com>;tag=1c1763091120
To: <sip:GW01@itsp.example.com>
Call-ID: 17630876541162026120000@192.0.2.90
CSeq: 2 REGISTER
Contact: <sip:GW01@192.0.2.90:5060>;expires=3600
Authorization: Digest username="GW01",realm="itsp.example.com",nonce="NzA1MTI0MzI4ODdhYmNkZQ==",uri="sip:itsp.example.com",algorithm=MD5,response="0badc0de0badc0de0badc0de0badc0de"
Supported: em,timer,replaces,path,resource-priority
Allow: REGISTER,OPTIONS,INVITE,ACK,CANCEL,BYE,NOTIFY,PRACK,REFER,INFO,SUBSCRIBE,UPDATE
Expires: 3600
User-Agent: Mediant 800B/v.7.20A.258.661
Content-Length: 0

)"},
    {"Linphone", R"(REGISTER sip:sip.example.org;transport=tls SIP/2.0
Via: SIP/2.0/TLS 192.168.1.15:40522;alias;branch=z9hG4bK.kL8~mN2pQ;rport
From: <sip:bob@sip.example.org>;tag=rS5tU~vW1
To: sip:bob@sip.example.org
CSeq: 21 REGISTER
Call-ID: xY3zA9bC-2
Max-Forwards: 70
Supported: replaces, outbound, gruu, path, record-aware
Accept: application/sdp
Accept: text/plain
Accept: application/vnd.gsma.rcs-ft-http+xml
Contact: <sip:bob@203.0.113.80:40522;transport=tls>;+sip.instance="<urn:uuid:5a3b1c9e-0d7f-00b2-8e46-c1a2b3d4e5f6>";+org.linphone.specs="groupchat/1.2,lime"
Expires: 3600
User-Agent: LinphoneAndroid/5.2.4 (Pixel 7) LinphoneSDK/5.3.40 (tags/5.3.40^0)
Content-Length: 0
Authorization: Digest realm="sip.example.org", nonce="aTx3QgAAAACxZ1b0AAB7YbMhP0EAAAAA", algorithm=SHA-256, opaque="+GNywA==", username="bob", uri="sip:sip.example.org;transport=tls", response="0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de", cnonce="Qm3~kR8vZx1LpT5w", nc=00000001, qop=auth

)"},
    {"ZoiperInvite", R"(INVITE sip:500@sip.example.com;transport=UDP SIP/2.0
Via: SIP/2.0/UDP 192.168.0.20:5060;branch=z9hG4bK-524287-1---7b6a5948372615f0;rport
Max-Forwards: 70
Contact: <sip:1007@203.0.113.5:5060;transport=UDP>
To: <sip:500@sip.example.com>
From: "1007"<sip:1007@sip.example.com;transport=UDP>;tag=6f5e4d3c
Call-ID: Zx9wVu8tSr7qPo..
CSeq: 2 INVITE
Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, MESSAGE, OPTIONS, INFO, SUBSCRIBE
Content-Type: application/sdp
User-Agent: Z 5.6.3 v2.10.20.4
Proxy-Authorization: Digest username="1007",realm="sip.example.com",nonce="aTx3QWk8dhVnB2Jk",uri="sip:500@sip.example.com;transport=UDP",response="0badc0de0badc0de0badc0de0badc0de",cnonce="1f2e3d4c5b6a79880f1e2d3c4b5a6978",nc=00000001,qop=auth,algorithm=MD5
Allow-Events: presence, kpml, talk, as-feature-event
Content-Length: 10

v=0
s=-
)"},
    {"JsSipOverWebSocket", R"(REGISTER sip:rtc.example.com SIP/2.0
Via: SIP/2.0/WSS 7k2m9p4q1r0s.invalid;branch=z9hG4bK5511223
Max-Forwards: 69
To: <sip:9001@rtc.example.com>
From: "9001" <sip:9001@rtc.example.com>;tag=n3v8b1q0kd
Call-ID: 5vq2m8k1p0sd7fh3jl9a
CSeq: 2 REGISTER
Authorization: Digest algorithm=MD5, username="9001", realm="rtc.example.com", nonce="6b1f0a2c-3d4e-4f50-8a6b-7c8d9e0f1a2b", uri="sip:rtc.example.com", response="0badc0de0badc0de0badc0de0badc0de", opaque="c0ffee", qop=auth, cnonce="p9o8i7u6y5t4", nc=00000001
Contact: <sip:h4k9s2d1@7k2m9p4q1r0s.invalid;transport=ws>;+sip.ice;reg-id=1;+sip.instance="<urn:uuid:8f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0>";expires=600
Expires: 600
Allow: INVITE,ACK,CANCEL,BYE,UPDATE,MESSAGE,OPTIONS,REFER,INFO,NOTIFY
Supported: path,gruu,outbound
User-Agent: JsSIP 3.10.1
Content-Length: 0

)"},
    {"MitelAastra", R"(REGISTER sip:mivoice.example.com:5060 SIP/2.0
Via: SIP/2.0/UDP 10.9.8.7:5060;branch=z9hG4bK6a1f2c3d4e5b60718
Max-Forwards: 70
From: "Lab 6869" <sip:3301@mivoice.example.com:5060>;tag=8d7c6b5a4f
To: "Lab 6869" <sip:3301@mivoice.example.com:5060>
Call-ID: a1c2e3f405162738
CSeq: 31221 REGISTER
Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, OPTIONS, UPDATE, PRACK, SUBSCRIBE, INFO
Allow-Events: talk, hold, conference, LocalModeStatus
Authorization: Digest username="3301",realm="mivoice.example.com",nonce="12ab34cd56ef7890ab",uri="sip:mivoice.example.com:5060",response="0badc0de0badc0de0badc0de0badc0de",opaque="",algorithm=MD5,qop=auth,nc=00000001,cnonce="4f3e2d1c"
Contact: "Lab 6869" <sip:3301@10.9.8.7:5060;transport=udp>;expires=86400;+sip.instance="<urn:uuid:00000000-0000-1000-8000-00085DAABBCC>"
Supported: path, gruu
User-Agent: Mitel 6869i/5.1.0.4046
Content-Length: 0

)"},
    {"GigasetN510", R"(REGISTER sip:reg.example.de SIP/2.0
Via: SIP/2.0/UDP 192.168.2.50:5060;branch=z9hG4bK3f1c0a2b9d8e7f60
From: "0301234567" <sip:0301234567@reg.example.de>;tag=2310449811
To: "0301234567" <sip:0301234567@reg.example.de>
Call-ID: 3029441076@192_168_2_50
CSeq: 8 REGISTER
Contact: <sip:0301234567@192.168.2.50:5060>
Authorization: Digest username="0301234567", realm="reg.example.de", algorithm=MD5, uri="sip:reg.example.de", nonce="5f0e1d2c3b4a59687786", response="0badc0de0badc0de0badc0de0badc0de"
Max-Forwards: 70
User-Agent: N510 IP PRO/42.250.00.000.000
Expires: 600
Content-Length: 0

)"},
    {"Panasonic", R"(REGISTER sip:ucm.example.jp SIP/2.0
Via: SIP/2.0/UDP 192.168.0.101:5060;branch=z9hG4bK0a1b2c3d4e5f
Max-Forwards: 70
From: <sip:150@ucm.example.jp>;tag=4160981723
To: <sip:150@ucm.example.jp>
Call-ID: 0a1b2c3d4e5f6071@192.168.0.101
CSeq: 1 REGISTER
Contact: <sip:150@192.168.0.101:5060>;+sip.instance="<urn:uuid:550e8400-e29b-11d4-8000-080023aabbcc>"
Expires: 3600
Allow: INVITE, ACK, OPTIONS, BYE, CANCEL, REFER, NOTIFY, SUBSCRIBE, INFO
Supported: timer, replaces
User-Agent: Panasonic-KX-TGP600/12.17 (080023aabbcc)
Content-Length: 0

)"},
};
INSTANTIATE_TEST_SUITE_P(Rows, PhoneMessageTest, testing::ValuesIn(messages_of_phones),
                         [](const auto& row) { return std::string{row.param.proves}; });

}  // namespace
}  // namespace sipauth
