#include "app/front/page_cookie.hpp"

#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "app/front/admin_sessions.hpp"
#include "core/base/crypto.hpp"

namespace hayate::front {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kNow = 1'800'000'000;

PageCookies cookies_with(const std::string& key, bool is_secure = false) {
    return PageCookies(base::Secret(key), {.is_secure = is_secure});
}
const PageCookies kCookies = cookies_with(std::string(32, 'k'));

TEST(PageCookie, OpensWhatItSealed) {
    PageVisit visit = new_visit(kNow);
    EXPECT_EQ(visit.visitor.size(), 22U);
    const auto anonymous = kCookies.open(kCookies.seal(visit), kNow);
    ASSERT_TRUE(anonymous);
    EXPECT_EQ(anonymous->visitor, visit.visitor);
    EXPECT_FALSE(anonymous->customer);
    visit.customer = "c.001/あ";  // whatever it holds, it stays in its field
    EXPECT_EQ(kCookies.open(kCookies.seal(visit), kNow)->customer, "c.001/あ");
    EXPECT_NE(new_visit(kNow).visitor, visit.visitor);
}

TEST(PageCookie, ExpiresAfterThirtyDays) {
    const std::string value = kCookies.seal(new_visit(kNow));
    EXPECT_TRUE(kCookies.open(value, kNow + kPageCookieTimeS - 1));
    EXPECT_FALSE(kCookies.open(value, kNow + kPageCookieTimeS));
}

TEST(PageCookie, EveryChangeMakesItNothing) {
    PageVisit visit = new_visit(kNow);
    visit.customer = "c-001";
    const std::string value = kCookies.seal(visit);
    for (size_t i = 0; i < value.size(); ++i) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string tampered = value;
            tampered[i] = static_cast<char>(static_cast<unsigned char>(tampered[i]) ^ (1U << bit));
            EXPECT_FALSE(kCookies.open(tampered, kNow)) << i;
        }
        EXPECT_FALSE(kCookies.open(value.substr(0, i), kNow));
        EXPECT_FALSE(kCookies.open(value.substr(i + 1), kNow));
    }
    EXPECT_FALSE(kCookies.open(value + "x", kNow));
    EXPECT_FALSE(kCookies.open(value + std::string(2000, 'x'), kNow));
    EXPECT_FALSE(kCookies.open("", kNow));
    EXPECT_FALSE(cookies_with(std::string(32, 'x')).open(value, kNow));
}

TEST(PageCookie, ASignatureForAnythingElseIsNotACookie) {
    // The same key over the same text, without what says that it is a page cookie.
    const std::string body = "1." + std::string(22, 'v') + "..1900000000";
    const std::string mac =
        base::base64url(base::as_view(base::hmac_sha256(std::string(32, 'k'), body)));
    EXPECT_FALSE(kCookies.open(body + "." + mac, kNow));
}

TEST(PageCookie, IsFoundAmongOthers) {
    const std::string value = kCookies.seal(new_visit(kNow));
    const std::string name(kPageCookieName);
    EXPECT_TRUE(kCookies.find("a=b; " + name + "=" + value + "; c=d", kNow));
    EXPECT_TRUE(kCookies.find(name + "=planted;" + name + "=" + value, kNow));
    EXPECT_FALSE(kCookies.find("x" + name + "=" + value, kNow));
    EXPECT_FALSE(kCookies.find("", kNow));
    EXPECT_FALSE(kCookies.find(";;; =; " + name, kNow));
    std::string many;
    for (int i = 0; i < 100; ++i) many += name + "=x; ";
    EXPECT_EQ(cookie_values(many, kPageCookieName).size(), 8U);
}

TEST(PageCookie, IsSetSoThatScriptsAndOtherSitesCannotUseIt) {
    const PageVisit visit = new_visit(kNow);
    const std::string plain = kCookies.set_cookie(visit);
    EXPECT_EQ(plain, "hayate_page=" + kCookies.seal(visit) +
                         "; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict");
    EXPECT_TRUE(cookies_with("k", true).set_cookie(visit).ends_with("; SameSite=Strict; Secure"));
    EXPECT_EQ(plain.find_first_of("\r\n"), std::string::npos);
}

class PageKey : public ::testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(::testing::TempDir()) / ("hayate_key_" + base::random_text(6));
    }
    void TearDown() override { fs::remove_all(folder_); }
    [[nodiscard]] fs::path file() const { return folder_ / "page.key"; }
    [[nodiscard]] Result<base::Secret> load() const { return load_or_make_page_key(folder_); }

    fs::path folder_;
};

TEST_F(PageKey, IsMadeOnceForItsOwnerAlone) {
    const auto first = load();
    ASSERT_TRUE(first) << first.error().internal;
    EXPECT_EQ(first->reveal().size(), 32U);
    EXPECT_EQ(load()->reveal(), first->reveal());
    struct stat status{};
    ASSERT_EQ(::stat(file().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(PageKey, IsTheSameForServersThatStartTogether) {
    std::vector<std::string> keys(8);
    std::vector<std::thread> starters;
    for (std::string& key : keys) {
        starters.emplace_back([&] { key = std::string(load()->reveal()); });
    }
    for (std::thread& starter : starters) starter.join();
    for (const std::string& key : keys) EXPECT_EQ(key, keys.front());
}

TEST_F(PageKey, IsRefusedWhenOthersMayReadItOrItIsDamaged) {
    ASSERT_TRUE(load());
    ASSERT_EQ(::chmod(file().c_str(), 0644), 0);
    EXPECT_NE(load().error().internal.find("others may read it"), std::string::npos);
    ASSERT_EQ(::chmod(file().c_str(), 0600), 0);
    std::ofstream(file()) << "short-planted-canary";
    EXPECT_NE(load().error().internal.find("is damaged"), std::string::npos);
    EXPECT_EQ(load().error().internal.find("canary"), std::string::npos);
    fs::remove(file());
    fs::create_symlink("/etc/hostname", file());
    EXPECT_FALSE(load());
}

TEST(AdminSessions, ALinkWorksOnceAndItsSessionForTwelveHours) {
    AdminSessions admins;
    const TimePoint start{};
    const base::Secret token = admins.make_link_token(start);
    EXPECT_FALSE(admins.exchange("", start));
    EXPECT_FALSE(admins.exchange("guess", start));
    EXPECT_FALSE(admins.is_valid(token.reveal(), start));  // a link is not a session
    const auto session = admins.exchange(token.reveal(), start);
    ASSERT_TRUE(session);
    EXPECT_EQ(admins.exchange(token.reveal(), start).error().client_code(), "invalid_link");
    EXPECT_TRUE(admins.is_valid(session->reveal(), start + std::chrono::hours(11)));
    EXPECT_FALSE(admins.is_valid(session->reveal(), start + std::chrono::hours(12)));
    EXPECT_FALSE(admins.is_valid("", start));
    admins.end(session->reveal());
    EXPECT_FALSE(admins.is_valid(session->reveal(), start));
}

TEST(AdminSessions, AnOldLinkIsUseless) {
    AdminSessions admins;
    const base::Secret token = admins.make_link_token(TimePoint{});
    EXPECT_FALSE(admins.exchange(token.reveal(), TimePoint{} + std::chrono::hours(24)));
    const base::Secret first = admins.make_link_token(TimePoint{});
    for (int i = 0; i < 8; ++i) (void)admins.make_link_token(TimePoint{});
    EXPECT_FALSE(admins.exchange(first.reveal(), TimePoint{}));  // only the last eight count
}

TEST(AdminSessions, SigningOutRemovesTheCookie) {
    EXPECT_EQ(AdminSessions::set_cookie("s", true),
              "hayate_admin=s; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure");
    EXPECT_NE(AdminSessions::set_cookie("", false).find("Max-Age=0"), std::string::npos);
}

}  // namespace
}  // namespace hayate::front
