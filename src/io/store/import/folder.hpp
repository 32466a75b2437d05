#pragma once
// An assistant folder's data, read and checked, in memory.

#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "io/store/import/decode.hpp"
#include "io/store/import/problems.hpp"

namespace hayate::store {

/// The values of one kind with where each stands, for problems that show only later.
template <class T>
struct Loaded {
    struct Place {
        std::string file;
        size_t line = 0;
    };
    std::vector<T> values;
    std::vector<Place> places;  // of values, by index
};

/// A kind without a file is empty here and is left alone in the database.
struct FolderData {
    std::optional<Loaded<Series>> series;
    std::optional<Loaded<Product>> products;
    std::optional<Loaded<FaqEntry>> faq;
    std::optional<Loaded<WordEntry>> words;
    std::optional<Loaded<Customer>> customers;
    std::optional<Loaded<Order>> orders;
};

/// What is referred to: from the folder where it has the kind, else from the database.
struct KnownIds {
    std::set<std::string, std::less<>> series;
    std::set<std::string, std::less<>> products;
    std::set<std::string, std::less<>> customers;
};

/// Reads what the folder holds of catalog/{series,products,words}, faq/faq, customers/customers and
/// orders/orders, each as .jsonl or .csv. `today` is the day that "today" means. kNotFound when it
/// holds none of them.
[[nodiscard]] Result<FolderData> read_folder(const std::filesystem::path& folder,
                                             std::string_view today, Problems& problems);

/// Complains about references that lead nowhere. `known` is completed with the folder's own ids.
void check_references(const FolderData& data, KnownIds known, Problems& problems);

}  // namespace hayate::store
