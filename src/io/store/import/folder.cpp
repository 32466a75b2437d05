#include "io/store/import/folder.hpp"

#include <fstream>
#include <sstream>
#include <unordered_map>

#include "core/base/nearest.hpp"
#include "io/store/import/row_files.hpp"

namespace hayate::store {
namespace {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& path) {
    constexpr uintmax_t kBytesMax = 512ULL * 1024 * 1024;
    std::error_code error;
    if (fs::file_size(path, error) > kBytesMax || error) {
        return fail(base::public_error(ErrorKind::kBadRequest, "import",
                                       path.string() + " cannot be read or is larger than 512 MB"));
    }
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    if (!file) {
        return fail(base::public_error(ErrorKind::kBadRequest, "import",
                                       path.string() + " cannot be read"));
    }
    return std::move(content).str();
}

const std::string& id_of(const Product& product) { return product.sku; }
const std::string& id_of(const WordEntry& words) { return words.key; }
template <class T>
const std::string& id_of(const T& value) {
    return value.id;
}

template <class T>
Loaded<T> decode_rows(const std::vector<Row>& rows, std::string_view today, Problems& problems) {
    Loaded<T> loaded;
    std::unordered_map<std::string, size_t> lines;
    for (const Row& row : rows) {
        RowReader reader(row, today, problems);
        T value;
        decode(reader, value);
        reader.finish();
        const auto [first, is_new] = lines.try_emplace(id_of(value), row.line);
        if (!is_new && !id_of(value).empty()) {
            problems.add({row.file, row.line, "",
                          "repeats " + in_quotes(id_of(value)) + " of line " +
                              std::to_string(first->second)});
        }
        loaded.values.push_back(std::move(value));
        loaded.places.push_back({row.file, row.line});
    }
    return loaded;
}

class FolderReader {
  public:
    FolderReader(const fs::path& folder, std::string_view today, Problems& problems)
        : folder_(folder), today_(today), problems_(problems) {}

    template <class T>
    [[nodiscard]] Status read(const std::string& name, std::optional<Loaded<T>>& into) {
        const std::string json = name + ".jsonl";
        const std::string csv = name + ".csv";
        const bool is_json = fs::exists(folder_ / json);
        const bool is_csv = fs::exists(folder_ / csv);
        if (!is_json && !is_csv) return {};
        if (is_json && is_csv)
            problems_.add({csv, 0, "", "stands beside " + json + ": keep one of the two"});
        const std::string& file = is_json ? json : csv;
        const auto content = read_file(folder_ / file);
        if (!content) return fail(content.error());
        const auto rows = is_json ? rows_of_json_lines(*content, file, problems_)
                                  : rows_of_csv(*content, file, problems_);
        into = decode_rows<T>(rows, today_, problems_);
        return {};
    }

  private:
    const fs::path& folder_;
    std::string_view today_;
    Problems& problems_;
};

template <class T>
void replace_ids(std::set<std::string, std::less<>>& ids, const std::optional<Loaded<T>>& loaded) {
    if (!loaded) return;
    ids.clear();
    for (const T& value : loaded->values) ids.insert(id_of(value));
}

class ReferenceCheck {
  public:
    explicit ReferenceCheck(Problems& problems) : problems_(problems) {}

    template <class Place>
    void check(const std::set<std::string, std::less<>>& known, const std::string& id,
               const Place& place, const std::string& field, std::string_view what) {
        if (id.empty() || known.contains(id)) return;  // an empty one has been complained about
        // Looking for the nearest is slow among many; what is not shown needs none.
        const bool is_shown = problems_.count() < Problems::kShownMax;
        const std::vector<std::string> candidates(known.begin(),
                                                  is_shown ? known.end() : known.begin());
        problems_.add({place.file, place.line, field,
                       "names " + std::string(what) + " " + in_quotes(id) +
                           ", which does not exist" + base::did_you_mean(id, candidates)});
    }

  private:
    Problems& problems_;
};

}  // namespace

Result<FolderData> read_folder(const fs::path& folder, std::string_view today, Problems& problems) {
    FolderData data;
    FolderReader reader(folder, today, problems);
    Status status = reader.read("catalog/series", data.series);
    if (status) status = reader.read("catalog/products", data.products);
    if (status) status = reader.read("catalog/words", data.words);
    if (status) status = reader.read("faq/faq", data.faq);
    if (status) status = reader.read("customers/customers", data.customers);
    if (status) status = reader.read("orders/orders", data.orders);
    if (!status) return fail(status.error());
    if (!data.series && !data.products && !data.words && !data.faq && !data.customers &&
        !data.orders) {
        return fail(base::public_error(
            ErrorKind::kNotFound, "import",
            folder.string() + " holds nothing to import, such as catalog/series.jsonl"));
    }
    return data;
}

void check_references(const FolderData& data, KnownIds known, Problems& problems) {
    replace_ids(known.series, data.series);
    replace_ids(known.products, data.products);
    replace_ids(known.customers, data.customers);
    ReferenceCheck references(problems);
    for (size_t i = 0; data.products && i < data.products->values.size(); ++i) {
        references.check(known.series, data.products->values[i].series, data.products->places[i],
                         "series", "a series");
    }
    for (size_t i = 0; data.customers && i < data.customers->values.size(); ++i) {
        for (const std::string& sku : data.customers->values[i].owned) {
            references.check(known.products, sku, data.customers->places[i], "owned", "a product");
        }
    }
    for (size_t i = 0; data.orders && i < data.orders->values.size(); ++i) {
        const Order& order = data.orders->values[i];
        references.check(known.customers, order.customer, data.orders->places[i], "customer",
                         "a customer");
        for (const OrderItem& item : order.items) {
            references.check(known.products, item.sku, data.orders->places[i], "items",
                             "a product");
        }
    }
}

}  // namespace hayate::store
