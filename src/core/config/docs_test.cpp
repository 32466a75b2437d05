// The documents name every key of the configuration, and none that does not exist.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/config/assistant_config.hpp"
#include "core/config/engine_config.hpp"
#include "test/support/source_dir.hpp"

namespace hayate::config {
namespace {

/// The keys of a document's tables: rows that begin with "| `key` |".
std::set<std::string> documented(const std::string& name) {
    std::ifstream file(test::source_dir() / "docs" / name);
    EXPECT_TRUE(file) << name;
    std::set<std::string> keys;
    static const std::regex kRow(R"(^\| `([a-z0-9_.*]+)` \|)");
    for (std::string line; std::getline(file, line);) {
        std::smatch found;
        if (std::regex_search(line, found, kRow)) keys.insert(found[1]);
    }
    return keys;
}

/// "templates.*" stands for the texts in every language below it.
std::set<std::string> shortened(const std::vector<std::string>& keys) {
    std::set<std::string> all;
    for (std::string key : keys) {
        while (key.ends_with(".*.*")) key.resize(key.size() - 2);
        all.insert(std::move(key));
    }
    return all;
}

TEST(Documents, NameEveryKeyOfTheServersConfiguration) {
    EXPECT_EQ(documented("configuration.md"), shortened(engine_config_keys()));
}

TEST(Documents, NameEveryKeyOfAnAssistant) {
    std::vector<std::string> keys = assistant_config_keys();
    for (std::string& key : intent_config_keys()) keys.push_back(std::move(key));
    EXPECT_EQ(documented("assistant.md"), shortened(keys));
}

}  // namespace
}  // namespace hayate::config
