namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A container: blobs by name, in the order lists are given in.</summary>
internal sealed class BlobContainer(string account, string name, ServiceClock clock, BlobFacts facts)
{
    private readonly Lock _self = new(); // one change of the container itself at a time; taken before a slot's gate, and before _gate
    private readonly Lock _gate = new();
    private readonly SortedList<string, BlobSlot> _slots = new(StringComparer.Ordinal);
    private bool _isDeleted;

    /// <summary>The account it lies in.</summary>
    public string Account { get; } = account;

    public string Name { get; } = name;

    public BlobProperties Properties { get; set; } = BlobProperties.Fresh(clock);

    /// <summary>container, blob, or null: nothing without a key or SAS.</summary>
    public string? PublicAccess { get; set; }

    /// <summary>Of the container itself, not of its blobs.</summary>
    public Lease Lease { get; } = new("container", clock);

    /// <summary>Stored access policies by id; replaced as a whole.</summary>
    public IReadOnlyDictionary<string, AccessPolicy> Policies { get; set; } = new Dictionary<string, AccessPolicy>();

    /// <summary>Looks at what lies under a name.</summary>
    public T Read<T>(string blob, Func<BlobSlot, T> look)
    {
        BlobSlot? slot;
        lock (_gate)
            slot = _slots.GetValueOrDefault(blob);
        if (slot is null)
            throw BlobErrors.BlobNotFound();
        lock (slot.Gate)
            return look(slot);
    }

    /// <summary>Changes what lies under a name; one change at a time. A slot that is empty afterwards is removed.</summary>
    public T Change<T>(string blob, Func<BlobSlot, T> change)
    {
        while (true)
        {
            var slot = GetOrAdd(blob);
            lock (slot.Gate)
            {
                if (slot.IsRemoved)
                    continue;
                using var kept = facts.Begin();
                try
                {
                    return change(slot);
                }
                finally
                {
                    if (slot.IsEmpty)
                        Remove(slot);
                    facts.Save(this, slot);
                }
            }
        }
    }

    /// <summary>Changes the container's own properties, access or lease; one change at a time.</summary>
    public void ChangeSelf(Action change)
    {
        lock (_self)
        {
            if (_isDeleted)
                throw BlobErrors.ContainerNotFound();
            using var kept = facts.Begin();
            try
            {
                change();
            }
            finally
            {
                facts.Save(this);
            }
        }
    }

    /// <summary>The slot of that name, made if there is none yet: for what was there before a restart.</summary>
    public BlobSlot Restore(string blob) => GetOrAdd(blob);

    /// <summary>Says that all that is here is kept.</summary>
    public void MarkSaved()
    {
        foreach (var slot in _slots.Values)
            slot.MarkSaved();
    }

    /// <summary>The slots from a name on that begin with a prefix, at most so many, in order.</summary>
    public IReadOnlyList<BlobSlot> List(string from, string prefix, int count)
    {
        lock (_gate)
        {
            var slots = new List<BlobSlot>();
            var first = string.CompareOrdinal(from, prefix) > 0 ? from : prefix;
            for (var i = FirstAtOrBehind(first); i < _slots.Count && slots.Count < count; i++)
            {
                if (!_slots.GetKeyAtIndex(i).StartsWith(prefix, StringComparison.Ordinal))
                    break;
                slots.Add(_slots.GetValueAtIndex(i));
            }

            return slots;
        }
    }

    /// <summary>Removes every blob; the container takes none from now on.</summary>
    public void Delete()
    {
        lock (_self)
        {
            using var kept = facts.Begin();
            BlobSlot[] slots;
            lock (_gate)
            {
                _isDeleted = true;
                slots = [.. _slots.Values];
                _slots.Clear();
            }

            foreach (var slot in slots)
            {
                lock (slot.Gate)
                {
                    slot.IsRemoved = true;
                    slot.RemoveAll();
                    facts.Save(this, slot);
                }
            }

            facts.Remove(this);
        }
    }

    private BlobSlot GetOrAdd(string blob)
    {
        lock (_gate)
        {
            if (_isDeleted)
                throw BlobErrors.ContainerNotFound();
            if (!_slots.TryGetValue(blob, out var slot))
                _slots.Add(blob, slot = new BlobSlot(blob, clock));
            return slot;
        }
    }

    private void Remove(BlobSlot slot)
    {
        slot.IsRemoved = true;
        lock (_gate)
            _slots.Remove(slot.Name);
    }

    private int FirstAtOrBehind(string name)
    {
        var low = 0;
        var high = _slots.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (string.CompareOrdinal(_slots.GetKeyAtIndex(middle), name) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
