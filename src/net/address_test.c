/* net/address_test.c - addresses inside, in every disguise, and those outside. */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/test_support.h"

static bool is_allowed(const char *text, NetRanges opened) {
    NetAddress address;

    if (!net_address_parse(str_from_c(text), &address))
        fail_msg("%s is no address", text);
    return net_address_is_allowed(&address, opened);
}

static void only_the_public_network_is_allowed(void **state) {
    static const char *const closed[] = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "168.63.129.16",
        "169.254.0.0",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::2",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::10.1.2.3",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::8.8.8.8",
        "100::1",
        "2001::1",
        "2001:0:53aa:64c:0:0:80ff:fffe",
        "2001:2::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2002:c0a8:101::1",
        "2002:a9fe:a9fe::1",
        "2600:1::5efe:127.0.0.1",
        "2600:1::200:5efe:10.0.0.1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fdff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
    };
    static const char *const open[] = {
        "1.1.1.1",         "9.255.255.255",   "11.0.0.0",
        "100.63.255.255",  "100.128.0.0",     "126.255.255.255",
        "128.0.0.1",       "168.63.129.15",   "169.253.255.255",
        "169.255.0.0",     "172.15.255.255",  "172.32.0.0",
        "192.0.1.1",       "192.167.255.255", "192.169.0.0",
        "198.17.255.255",  "198.20.0.0",      "202.112.0.1",
        "223.255.255.255", "::ffff:1.1.1.1",  "64:ff9b::1.1.1.1",
        "2001:200::1",     "2001:da8::1",     "2002:101:101::1",
        "2400:3200::1",    "240e::1",         "2600:1::5efe:1.1.1.1",
        "3ffe::1",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(closed); i++) {
        if (is_allowed(closed[i], (NetRanges){ 0 }))
            fail_msg("%s is allowed", closed[i]);
    }
    for (size_t i = 0; i < COUNT_OF(open); i++) {
        if (!is_allowed(open[i], (NetRanges){ 0 }))
            fail_msg("%s is not allowed", open[i]);
    }
}

static void the_operator_opens_ranges(void **state) {
    Str texts[] = { S("127.0.0.1"),        S("10.8.0.0/16"), S("fd00:1::/32"),
                    S("192.168.1.128/25"), S("nonsense"),    S("10.0.0.0/33") };
    NetRanges opened = net_ranges(*state, (StrList){ texts, COUNT_OF(texts) });

    assert_int_equal(opened.len, 4);
    assert_true(is_allowed("127.0.0.1", opened));
    assert_true(is_allowed("::ffff:127.0.0.1", opened)); /* the same machine */
    assert_false(is_allowed("127.0.0.2", opened));
    assert_true(is_allowed("10.8.0.0", opened));
    assert_true(is_allowed("10.8.255.255", opened));
    assert_false(is_allowed("10.9.0.0", opened));
    assert_false(is_allowed("10.7.255.255", opened));
    assert_true(is_allowed("fd00:1:ffff::1", opened));
    assert_false(is_allowed("fd00:2::1", opened));
    assert_true(is_allowed("192.168.1.128", opened));
    assert_false(is_allowed("192.168.1.127", opened));
    assert_false(is_allowed("64:ff9b::127.0.0.1", opened));

    Str all[] = { S("0.0.0.0/0") };
    opened = net_ranges(*state, (StrList){ all, 1 });
    assert_true(is_allowed("169.254.169.254", opened));
    assert_false(is_allowed("::1", opened));
}

static void addresses_of_sockets_are_those_that_count(void **state) {
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct sockaddr_un local = { .sun_family = AF_UNIX };
    NetAddress address;

    assert_true(net_address_of_socket((struct sockaddr *)&v4, &address));
    assert_str(net_address_text(*state, &address), S("127.0.0.1"));
    assert_true(net_address_of_socket((struct sockaddr *)&v6, &address));
    assert_str(net_address_text(*state, &address), S("::1"));
    assert_false(net_address_of_socket((struct sockaddr *)&local, &address));
}

static void only_whole_addresses_are_read(void **state) {
    static const char *const bad[] = { "",           "1.2.3", "1.2.3.4.5", "01.2.3.4",
                                       "0x7f.0.0.1", "::1%1", "[::1]",     "1.2.3.4 ",
                                       "1.2.3.256",  ":::",   "::g",       "1.2.3.4:80" };
    NetAddress address;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (net_address_parse(str_from_c(bad[i]), &address))
            fail_msg("%s is read", bad[i]);
    }
    assert_false(net_address_parse(S("1.2.3.4\0"), &address));
}

static void ports_of_other_services_are_not_talked_to(void **state) {
    static const int closed[] = { -1,  0,    1,    22,   25,   53,   79,    81,    442,
                                  444, 1023, 3306, 5432, 6379, 9200, 11211, 27017, 65536 };
    static const int open[] = { 80, 443, 1024, 3000, 8000, 8080, 8443, 65535 };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(closed); i++)
        assert_false(net_port_is_allowed(closed[i]));
    for (size_t i = 0; i < COUNT_OF(open); i++)
        assert_true(net_port_is_allowed(open[i]));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_public_network_is_allowed),
        WITH_ARENA(the_operator_opens_ranges),
        WITH_ARENA(addresses_of_sockets_are_those_that_count),
        cmocka_unit_test(only_whole_addresses_are_read),
        cmocka_unit_test(ports_of_other_services_are_not_talked_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
